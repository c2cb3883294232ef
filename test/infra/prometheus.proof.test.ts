import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertsOf } from "../../infra/observability/alerts.ts";
import { API_JOB } from "../../infra/observability/jobs.ts";
import { type ApiUnderTest, givenStore, startApi } from "../automation-api/http/api-under-test.ts";
import { type Daemon, eventually, startDaemon } from "../helpers/daemon.ts";
import { freePort } from "../helpers/free-port.ts";
import { finish } from "../helpers/play-worker.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// A real Prometheus reads the API's own measures, with exactly the rules that the program declares, and tells an Alertmanager,
// for which the test stands in.

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
}
interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

const prometheus = await proofTool("prometheus");

describe.skipIf(prometheus === undefined)("Prometheus with our rules", () => {
  let api: ApiUnderTest;
  let folder: string;
  let server: Daemon | undefined;
  let alertmanager: Server;
  let origin: string;
  const told: Told[] = [];

  const ask = async (path: string) =>
    ((await (await fetch(`${origin}/api/v1/${path}`)).json()) as { data: never }).data;
  const rules = async () => {
    const { groups } = (await ask("rules")) as { groups: { rules: Rule[] }[] };
    return groups.flatMap((group) => group.rules);
  };
  const until = (name: string, state: string, seconds = 60) =>
    eventually(
      seconds,
      `${name} is ${state}`,
      async () => (await rules()).find((rule) => rule.name === name && rule.state === state),
      server?.said,
    );
  const tellings = (alertname: string) => told.filter(({ labels }) => labels.alertname === alertname);

  beforeAll(async () => {
    api = await startApi();
    folder = mkdtempSync(join(tmpdir(), "storefleet-prometheus-"));
    alertmanager = createServer(async (request, response) => {
      told.push(...((await json(request)) as Told[]));
      response.end();
    });
    await new Promise<void>((resolve) => alertmanager.listen(0, "127.0.0.1", resolve));
    const run = await runPlatformProgram("ruled", { ...platformImages, monitoring: "prometheus-operator" });
    const { spec } = run.find("kubernetes:monitoring.coreos.com/v1:PrometheusRule").plain;
    // JSON is YAML.
    writeFileSync(join(folder, "rules.yml"), JSON.stringify(spec));
    const beside = (alertmanager.address() as AddressInfo).port;
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(configuration(api.port, beside)));
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    server = startDaemon(join(prometheus!, "prometheus"), [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await eventually(60, "Prometheus", async () => (await fetch(`${origin}/-/ready`)).ok || undefined, server.said);
  });

  afterAll(async () => {
    await server?.stop();
    await new Promise((resolve) => alertmanager.close(resolve));
    await api?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes every rule, and finds each fit to be asked", async () => {
    const names = Object.values(alertsOf({ namespace: "any", blackboxExporter: "" })).flatMap((alerts) =>
      alerts.map(({ name }) => name),
    );

    const loaded = await eventually(60, "all rules asked once", async () => {
      const found = await rules();
      return found.every(({ health }) => health !== "unknown") ? found : undefined;
    });

    expect(loaded.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(loaded.filter(({ health }) => health !== "ok")).toEqual([]);
  });

  it("reads the API's measures under the name that the rules ask for", async () => {
    const query = encodeURIComponent(`up{job="${API_JOB}"}`);

    const { result } = await eventually(30, "a measure", async () => {
      const found = (await ask(`query?query=${query}`)) as { result: { value: [number, string] }[] };
      return found.result.length > 0 ? found : undefined;
    });

    expect(result.map(({ value }) => value[1])).toEqual(["1"]);
    // The rules are asked before the first measure is there, too.
    await until("StorefleetApiAway", "inactive");
  });

  it("fires when operations fail, with a sentence that says how many", async () => {
    await until("StorefleetOperationsFail", "inactive");
    for (let failed = 0; failed < 4; failed += 1) {
      const { operation } = await givenStore(api);
      await finish(api.database.connection, operation, "failed", { status: "failed", reason: "of the test" });
    }

    await until("StorefleetOperationsFail", "firing");

    const alert = await eventually(30, "an alert", async () => tellings("StorefleetOperationsFail")[0]);
    expect(alert.labels).toMatchObject({ kind: "create", severity: "warning", product: "storefleet" });
    expect(alert.annotations.summary).toMatch(/^[\d.]+ operations \(create\) failed within half an hour\.$/);
    expect(alert.annotations.runbook).toBe("infra/RUNBOOKS.md#operations-fail");
  });

  it("fires when a worker is silent for a minute, and stops when it is heard of again", async () => {
    const { pool } = api.database.connection;
    await pool.query(`insert into workers (id, hostname, pid, process_start, heartbeat_at)
      values (gen_random_uuid(), 'far', 7, '1', now() - interval '2 minutes')`);
    await until("StorefleetWorkerSilent", "pending");

    await until("StorefleetWorkerSilent", "firing", 90);
    const alert = await eventually(30, "an alert", async () => tellings("StorefleetWorkerSilent")[0]);
    await pool.query("update workers set heartbeat_at = now()");
    await until("StorefleetWorkerSilent", "inactive");

    expect(alert.labels).toMatchObject({ worker: "far/7", severity: "critical" });
    expect(alert.annotations.summary).toMatch(
      /^The worker far\/7 was not heard of for [\dms ]+, and no other took over\.$/,
    );
    const resolved = await eventually(90, "its end", async () =>
      tellings("StorefleetWorkerSilent").find(({ endsAt }) => Date.parse(endsAt) <= Date.now()),
    );
    expect(resolved.labels).toEqual(alert.labels);
  });
});

/** The API under the job that its ServiceMonitor gives it, and storefronts as the ScrapeConfig finds them; all every second. */
function configuration(apiPort: number, alertmanagerPort: number) {
  return {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yml"],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }],
    },
    scrape_configs: [
      { job_name: API_JOB, metrics_path: "/metrics", static_configs: [{ targets: [`localhost:${apiPort}`] }] },
    ],
  };
}
