import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type ApiUnderTest, startApi } from "../automation-api/http/api-under-test.ts";
import { type Daemon, eventually, startDaemon } from "../helpers/daemon.ts";
import { freePort } from "../helpers/free-port.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";
import { configurationFor, quickRules } from "./operator-configuration.ts";
import { platformImages } from "./platform-images.ts";

// A real Prometheus beside the real API and a real blackbox_exporter. What Prometheus is told comes from what the program
// declares; see operator-configuration.ts for what is changed of it.

export interface Rule {
  readonly name: string;
  readonly query: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
}
/** What an Alertmanager is told. */
export interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
}
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface WatchedPlatform {
  readonly api: ApiUnderTest;
  /** Asks Prometheus, at a path below `/api/v1/`. */
  ask(path: string): Promise<unknown>;
  /** What PromQL comes to now. */
  query(expression: string): Promise<readonly Sample[]>;
  rules(): Promise<readonly Rule[]>;
  until(alert: string, state: "inactive" | "pending" | "firing", seconds?: number): Promise<Rule>;
  /** Waits for the first that is told of an alert, or for its end. */
  told(alert: string, what: "begin" | "end"): Promise<Told>;
  stopExporter(): Promise<void>;
  startExporter(): Promise<void>;
  stopApi(): Promise<void>;
  stop(): Promise<void>;
}

export interface Tools {
  readonly prometheus: string;
  readonly exporter: string;
  readonly generator: string;
}

/** `undefined` where one of them cannot be had, which is said. */
export async function watchingTools(): Promise<Tools | undefined> {
  const prometheus = await proofTool("prometheus");
  const exporter = await proofTool("blackbox-exporter");
  const generator = await proofTool("scrape-configuration");
  if (prometheus === undefined || exporter === undefined || generator === undefined) return undefined;
  return { prometheus, exporter, generator };
}

export interface WatchedOptions {
  readonly tools: Tools;
  /** Certificates of authorities that the exporter knows, as PEM. */
  readonly authorities?: string;
  /** What kubelet, cert-manager and others would tell, in Prometheus's format. */
  readonly others?: () => string;
}

export async function startWatchedPlatform({
  tools,
  authorities = "",
  others = () => "",
}: WatchedOptions): Promise<WatchedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-watched-"));
  const inFolder = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const exporterPort = await freePort();
  const run = await runPlatformProgram("watched", {
    ...platformImages,
    monitoring: "prometheus-operator",
    blackboxExporter: `127.0.0.1:${exporterPort}`,
    blackboxModule: "storefronts",
  });
  const [token = ""] = Object.values(run.find("kubernetes:core/v1:Secret", "metrics-token").shown.stringData as object);
  const api = await startApi({ metricsToken: token });

  const tellings: Told[] = [];
  const alertmanager = await serve(async (request, response) => {
    tellings.push(...((await json(request)) as Told[]));
    response.end();
  });
  const strangers = await serve((_request, response) => {
    response.setHeader("Content-Type", "text/plain; version=0.0.4");
    response.end(others());
  });

  const known = authorities === "" ? undefined : inFolder("authorities.pem", authorities);
  const exporterConfiguration = inFolder("blackbox.yml", JSON.stringify(exporterModules(known)));
  const startExporter = async () => {
    const daemon = startDaemon(join(tools.exporter, "blackbox-exporter"), [
      `--config.file=${exporterConfiguration}`,
      `--web.listen-address=127.0.0.1:${exporterPort}`,
    ]);
    const isUp = async () => (await fetch(`http://127.0.0.1:${exporterPort}/-/healthy`)).ok || undefined;
    await eventually(30, "the exporter", isUp, daemon.said);
    return daemon;
  };
  let exporter: Daemon | undefined = await startExporter();

  inFolder("rules.yml", JSON.stringify(quickRules(run)));
  const configuration = {
    ...configurationFor(run, tools.generator, api.port),
    rule_files: ["rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${portOf(alertmanager)}`] }] }] },
  };
  configuration.scrape_configs.push({
    job_name: "others",
    static_configs: [{ targets: [`127.0.0.1:${portOf(strangers)}`] }],
  });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = startDaemon(join(tools.prometheus, "prometheus"), [
    // JSON is YAML.
    `--config.file=${inFolder("prometheus.yml", JSON.stringify(configuration))}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await eventually(60, "Prometheus", async () => (await fetch(`${origin}/-/ready`)).ok || undefined, server.said);

  const ask = async (path: string) => {
    const answer = (await (await fetch(`${origin}/api/v1/${path}`)).json()) as { data?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  };
  const rules = async () => {
    const { groups } = (await ask("rules")) as { groups: { rules: Rule[] }[] };
    return groups.flatMap((group) => group.rules);
  };
  let stopped: Promise<void> | undefined;
  const stopApi = () => (stopped ??= api.stop());
  return {
    api,
    ask,
    rules,
    async query(expression) {
      const data = (await ask(`query?query=${encodeURIComponent(expression)}`)) as { result: Sample[] };
      return data.result;
    },
    until: (alert, state, seconds = 60) =>
      eventually(
        seconds,
        `${alert} is ${state}`,
        async () => (await rules()).find((rule) => rule.name === alert && rule.state === state),
        server.said,
      ),
    told: (alert, what) =>
      eventually(90, `the ${what} of ${alert}`, async () =>
        tellings.find(
          ({ labels, endsAt }) => labels.alertname === alert && (what === "begin" || Date.parse(endsAt) <= Date.now()),
        ),
      ),
    async stopExporter() {
      await exporter?.stop();
      exporter = undefined;
    },
    async startExporter() {
      exporter ??= await startExporter();
    },
    stopApi,
    async stop() {
      await server.stop();
      await exporter?.stop();
      for (const one of [alertmanager, strangers]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
      await stopApi();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

async function serve(listener: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The exporter's own `http_2xx`, but that it knows the authorities of the test. */
function exporterModules(authorities: string | undefined) {
  const http = { preferred_ip_protocol: "ip4", ...(authorities && { tls_config: { ca_file: authorities } }) };
  return { modules: { storefronts: { prober: "http", timeout: "5s", http } } };
}
