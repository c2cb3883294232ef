import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface FakeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly [property: string]: unknown;
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly kind: string };
}

/** The kinds the fake serves: name in paths, kind, whether in namespaces. */
const KINDS: Readonly<Record<string, readonly [string, string, boolean][]>> = {
  "/api/v1": [
    ["namespaces", "Namespace", false],
    ["configmaps", "ConfigMap", true],
    ["secrets", "Secret", true],
    ["pods", "Pod", true],
    ["events", "Event", true],
  ],
  "/apis/apps/v1": [
    ["deployments", "Deployment", true],
    ["replicasets", "ReplicaSet", true],
    ["statefulsets", "StatefulSet", true],
  ],
};

/** As much of a Kubernetes API server as the provider needs, on loopback and in memory. */
export class FakeApiServer {
  readonly #objects = new Map<string, FakeObject>();
  readonly #watchers = new Set<{ prefix: string; response: ServerResponse }>();
  readonly #server: Server;
  #version = 0;
  /** Requests so far, as in `POST /api/v1/namespaces/demo/configmaps?dryRun=All`. */
  readonly requests: string[] = [];
  /** Turns requests down before anything else looks at them. */
  refuse: (method: string, path: string) => Refusal | undefined = () => undefined;
  /** Whether a watch just begun is cut off. */
  breaksWatches: () => boolean = () => false;
  /** Whether deleted objects stay until {@link FakeApiServer.finish}, as finalizers make them. */
  lingers = false;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeApiServer> {
    const fake = new FakeApiServer();
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get address(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Stores an object as a controller would, and tells those who watch. */
  put(path: string, object: FakeObject): FakeObject {
    this.#version += 1;
    const known = this.#objects.get(path);
    const stored = {
      ...object,
      metadata: { uid: path, ...known?.metadata, ...object.metadata, resourceVersion: `${this.#version}` },
    };
    this.#objects.set(path, stored);
    this.#tell(known === undefined ? "ADDED" : "MODIFIED", path, stored);
    return stored;
  }

  get(path: string): FakeObject | undefined {
    return this.#objects.get(path);
  }

  /** Removes an object for good, and tells those who watch. */
  finish(path: string): void {
    const object = this.#objects.get(path);
    this.#objects.delete(path);
    if (object !== undefined) this.#tell("DELETED", path, object);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tell(type: string, path: string, object: FakeObject): void {
    for (const { prefix, response } of this.#watchers) {
      if (path.startsWith(prefix)) response.write(`${JSON.stringify({ type, object })}\n`);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://fake");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const method = request.method ?? "GET";
    this.requests.push(`${method} ${request.url}`);
    const refusal = this.refuse(method, path);
    if (refusal !== undefined) return send(response, refusal.code, { kind: "Status", ...refusal });
    if (query.get("watch") === "true") return this.#watch(path, query.get("fieldSelector"), response);
    const body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
    const [code, answer] = this.#handle(method, path, query.get("dryRun") === "All", body);
    send(response, code, answer);
  }

  #watch(path: string, selector: string | null, response: ServerResponse): void {
    if (this.breaksWatches()) return void response.destroy();
    const watcher = { prefix: `${path}/${selector?.replace("metadata.name=", "") ?? ""}`, response };
    this.#watchers.add(watcher);
    response.on("close", () => this.#watchers.delete(watcher));
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  }

  #handle(method: string, path: string, dryRun: boolean, body: FakeObject): [number, object] {
    const served = KINDS[path];
    if (served !== undefined)
      return [200, { resources: served.map(([name, kind, namespaced]) => ({ name, kind, namespaced })) }];
    const known = this.#objects.get(path);
    if (method === "POST") return this.#create(`${path}/${body.metadata.name}`, dryRun, body);
    if (method === "PATCH" && !Array.isArray(body)) return [200, dryRun ? body : this.put(path, { ...known, ...body })];
    if (known === undefined && method === "GET" && isCollection(path)) return [200, { items: this.#under(path) }];
    if (known === undefined) return [404, { code: 404, reason: "NotFound", message: `${path} not found` }];
    if (method === "PUT") return [200, this.put(path, body)];
    if (method !== "DELETE") return [200, known];
    if (this.lingers) this.put(path, { ...known, metadata: { ...known.metadata, deletionTimestamp: "now" } });
    else this.finish(path);
    return [200, known];
  }

  #create(path: string, dryRun: boolean, object: FakeObject): [number, object] {
    if (!this.#objects.has(path)) return [201, dryRun ? object : this.put(path, object)];
    return [409, { code: 409, reason: "AlreadyExists", message: `"${object.metadata.name}" already exists` }];
  }

  #under(path: string): FakeObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, object]) => object);
  }
}

function isCollection(path: string): boolean {
  return Object.values(KINDS).some((kinds) => kinds.some(([plural]) => path.endsWith(`/${plural}`)));
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}
