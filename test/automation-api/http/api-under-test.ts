import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { pino } from "pino";
import { createAuthentication } from "../../../automation-api/better-auth/create-authentication.ts";
import { openClusters } from "../../../automation-api/clusters.ts";
import { createApp } from "../../../automation-api/http/app.ts";
import { createHttpServer } from "../../../automation-api/http/http-server.ts";
import { createProgressHub, type ProgressHub } from "../../../automation-api/http/progress-hub.ts";
import type { Route } from "../../../automation-api/http/route.ts";
import { createRoutes } from "../../../automation-api/http/routes/routes.ts";
import type { Services } from "../../../automation-api/http/routes/services.ts";
import type { SingleSignOnConfig } from "../../../automation-api/single-sign-on-config.ts";
import { noTracing, type Tracing } from "../../../automation-api/tracing/tracing.ts";
import { createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { secretMaker } from "../../../automation-api/webhooks/signature.ts";
import { parseTarget } from "../../../stores/target.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
}

export interface ApiUnderTest {
  readonly origin: string;
  readonly port: number;
  readonly database: MigratedDatabase;
  readonly authentication: Services["authentication"];
  readonly routes: readonly Route[];
  readonly services: Services;
  readonly hub: ProgressHub;
  /** Cookie of somebody who is signed in. */
  readonly cookie: string;
  /** What the log says so far. */
  readonly log: string[];
  /** What can be replaced while it runs. */
  readonly fakes: { -readonly [K in "exportState" | "readCredentials" | "inspectCluster" | "probeState"]: Services[K] };
  /** A request by nobody. */
  call(path: string, sent?: Sent): Promise<Answer>;
  /** A request by somebody who is signed in. */
  signedIn(path: string, sent?: Sent): Promise<Answer>;
  /** Ends streams as a service that stops does. */
  beginStop(): void;
  stop(): Promise<void>;
}

export const testConfig: Services["config"] = {
  publicOrigin: "http://localhost:8090",
  listen: "127.0.0.1",
  trustedProxies: undefined,
  ingressAddress: undefined,
  operationJob: undefined,
  concurrency: 4,
  leaseSeconds: 30,
  retentionDays: 365,
  signOfLife: undefined,
  metricsToken: undefined,
  traceEndpoint: undefined,
  signingKey: undefined,
  sealingKeys: undefined,
  storeProgram: "/somewhere/stores",
  workFolders: "/somewhere/work",
  pulumi: {
    root: undefined,
    description: "the real Pulumi CLI",
    version: "3.270.0",
    backendUrl: "file:///somewhere/state",
    secretsProvider: undefined,
    inherited: {},
    environment: { PULUMI_BACKEND_URL: "file:///somewhere/state", PULUMI_CONFIG_PASSPHRASE: "very secret" },
  },
  cluster: { kubeconfig: "/somewhere/kubeconfig", context: "test", description: "a cluster" },
  databaseDescription: "a database",
  target: parseTarget({}),
  singleSignOn: undefined,
};

/** One request by hand: unlike `fetch`, it sends any header, and takes any answer as it is. */
export function send(port: number, path: string, { method, headers = {}, body }: Sent = {}): Promise<Answer> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const typed =
    text === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port,
        path,
        method: method ?? (text === undefined ? "GET" : "POST"),
        headers: { ...typed, ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const raw = Buffer.concat(chunks).toString("utf8");
          const isJson = /[/+]json(;|$)/.test(response.headers["content-type"] ?? "");
          const identity = response.headers["content-encoding"] === undefined;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: raw,
            json: isJson && identity && raw !== "" ? JSON.parse(raw) : undefined,
          });
        });
      },
    );
    request.on("error", reject);
    request.end(text);
  });
}

export interface StartOptions {
  readonly web?: string;
  readonly tracing?: Tracing;
  /** How long a query waits for a connection, in milliseconds. */
  readonly connectTimeout?: number;
  readonly port?: number;
  readonly singleSignOn?: SingleSignOnConfig;
  readonly trustedProxies?: Services["config"]["trustedProxies"];
  readonly metricsToken?: string;
  /** Default: somewhere. */
  readonly storeProgram?: string;
  /** Default: one of its own on the server of all tests. */
  readonly database?: MigratedDatabase;
}

/** The whole of HTTP on a port of its own and a database of its own; cluster and Pulumi are fakes. */
export async function startApi(options: StartOptions = {}): Promise<ApiUnderTest> {
  const { connectTimeout } = options;
  const database = options.database ?? (await migratedDatabase(connectTimeout === undefined ? {} : { connectTimeout }));
  const { connection } = database;
  const hub = await createProgressHub(connection);
  const stopping = new AbortController();
  const log: string[] = [];
  const fakes: ApiUnderTest["fakes"] = {
    readCredentials: async () => undefined,
    inspectCluster: async () => ({ reachable: true, version: "v1.36.3" }),
    probeState: async () => "ok",
    exportState: async () => undefined,
  };
  const { singleSignOn } = options;
  const publicOrigin = options.port === undefined ? testConfig.publicOrigin : `http://localhost:${options.port}`;
  const services: Services = {
    config: {
      ...testConfig,
      publicOrigin,
      storeProgram: options.storeProgram ?? testConfig.storeProgram,
      trustedProxies: options.trustedProxies,
      metricsToken: options.metricsToken,
    },
    connection,
    authentication: createAuthentication({
      connection,
      publicOrigin,
      singleSignOn,
      onTrouble: (error) => void log.push(String(error)),
    }),
    hub,
    readCredentials: (store) => fakes.readCredentials(store),
    inspectCluster: () => fakes.inspectCluster(),
    probeState: () => fakes.probeState(),
    exportState: (store) => fakes.exportState(store),
    onTrouble: () => {},
    tracing: options.tracing ?? noTracing,
    webhookSecrets: secretMaker("a key of tests"),
    ...openClusters({ ...testConfig, sealingKeys: ["a key of tests"] }, connection.database),
  };
  const logger = pino({ level: "info" }, { write: (line: string) => void log.push(line) });
  const app = createApp({ services, logger, web: options.web, stopping: stopping.signal, version: "1.2.3" });
  const server = createHttpServer(app);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const signIn = await send(port, "/api/v1/session", { body: { token: await createSignInToken(connection) } });
  const cookie = String(signIn.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    database,
    authentication: services.authentication,
    routes: createRoutes(services),
    services,
    hub,
    cookie,
    log,
    fakes,
    call: (path, sent) => send(port, path, sent),
    signedIn: (path, sent = {}) => send(port, path, { ...sent, headers: { cookie, ...sent.headers } }),
    beginStop: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await hub.close();
      await database.drop();
    },
  };
}

let made = 0;

/** A name that no other test uses. */
export function freshName(prefix = "shop"): string {
  made += 1;
  return `${prefix}-${made}`;
}

/** Creates a store and answers with its name and its first operation. */
export async function givenStore(api: ApiUnderTest, spec: Record<string, unknown> = {}) {
  const name = typeof spec.name === "string" ? spec.name : freshName();
  const answer = await api.signedIn("/api/v1/stores", { body: { engine: "medusa", ...spec, name } });
  if (answer.status !== 202) throw new Error(`The store was not accepted: ${answer.text}`);
  return { name, operation: String(answer.json.operation.id), accepted: answer.json };
}
