import { createServer } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beat, registerWorker } from "../../automation-api/database/worker-repository.ts";
import { API_JOB, STOREFRONTS_JOB } from "../../infra/observability/jobs.ts";
import { platformDashboard } from "../../infra/observability/platform-dashboard.ts";
import { storeDashboard, storesDashboard } from "../../infra/observability/store-dashboards.ts";
import { givenStore } from "../automation-api/http/api-under-test.ts";
import { makeAuthority } from "../helpers/authority.ts";
import { eventually } from "../helpers/daemon.ts";
import { finish } from "../helpers/play-worker.ts";
import { readPromql } from "../helpers/promql.ts";
import { portOf, startWatchedPlatform, type WatchedPlatform, watchingTools } from "./watched-platform.ts";

// What Grafana would ask Prometheus for each panel is asked of a real one. It has the measures of the real API and of a real
// blackbox_exporter; those of the cluster's own parts the test tells in their place, with the labels that they have.

const tools = await watchingTools();
const dashboards = [platformDashboard(), storesDashboard(), storeDashboard()];

interface Panel {
  readonly title: string;
  readonly targets: readonly { expr: string; legendFormat: string }[];
}

let restarts = 0;
/** What kubelet, cAdvisor and kube-state-metrics tell of a store. */
function ofCluster(store: string): string {
  restarts += 1;
  const own = `namespace="store-${store}"`;
  const pod = `${own},pod="medusa-0",container="medusa"`;
  const claim = `${own},persistentvolumeclaim="data-postgres-0"`;
  const quota = (type: string) =>
    `kube_resourcequota{${own},resourcequota="store",resource="limits.memory",type="${type}"}`;
  return [
    `kubelet_volume_stats_available_bytes{${claim}} 60`,
    `kubelet_volume_stats_capacity_bytes{${claim}} 100`,
    `container_memory_working_set_bytes{${pod}} 1e8`,
    `container_cpu_usage_seconds_total{${pod}} ${restarts / 10}`,
    `kube_pod_container_status_restarts_total{${pod}} ${restarts}`,
    `kube_namespace_created{${own}} 1.7e9`,
    `${quota("used")} 3`,
    `${quota("hard")} 4`,
    "",
  ].join("\n");
}

describe.skipIf(tools === undefined)("a dashboard of Grafana", () => {
  const { authority, certificate, key } = makeAuthority(["localhost"], 90);
  const storefront = createServer({ cert: certificate, key }, (_request, response) => void response.end("a shop"));
  let watched: WatchedPlatform;
  let store = "";

  beforeAll(async () => {
    watched = await startWatchedPlatform({ tools: tools!, authorities: authority, others: () => ofCluster(store) });
    const { connection } = watched.api.database;
    await new Promise<void>((resolve) => storefront.listen(0, "127.0.0.1", resolve));
    const worker = { id: "0198c000-0000-7000-8000-000000000001", hostname: "worker-0", pid: 7, processStart: "1" };
    await registerWorker(connection.database, worker);
    await beat(connection, worker.id, 30, { residentBytes: 1e8, cpuSeconds: 5, lagSeconds: 0.1 });
    const first = await givenStore(watched.api);
    store = first.name;
    const running = await givenStore(watched.api);
    await connection.pool.query(`update operations set status = 'running' where id = '${running.operation}'`);
    await connection.pool.query("insert into findings (kind, subject, text) values ('orphan-stack', 'x', 'x')");
    const { operation } = await givenStore(watched.api);
    await eventually(30, "a first measure", async () => {
      return (await watched.query("storefleet_queue_depth > 0")).length > 0 || undefined;
    });
    await connection.pool.query("update operations set started_at = queued_at");
    const url = `https://localhost:${portOf(storefront)}`;
    await finish(connection, first.operation, "succeeded", { status: "ready", outputs: { url } });
    await finish(connection, operation, "failed", { status: "failed", reason: "of the test" });
    await watched.api.signedIn("/api/v1/stores");
    await eventually(60, "a probe", async () => (await watched.query("probe_success == 1")).length > 0 || undefined);
  });
  afterAll(async () => {
    await watched?.stop();
    storefront.closeAllConnections();
    await new Promise((resolve) => storefront.close(resolve));
  });

  /** As Grafana fills in what its reader has chosen. */
  const filled = (expression: string) => expression.replaceAll("$__rate_interval", "1m").replaceAll("$store", store);

  describe.each(dashboards)("“$title”", (dashboard) => {
    const panels = (dashboard.panels ?? []) as unknown as Panel[];

    it.each(panels)("shows data at “$title”, and knows what its legends name", async ({ targets }) => {
      for (const { expr, legendFormat } of targets) {
        // Some are asked for whole minutes only.
        const shown = await eventually(90, `data of ${filled(expr)}`, async () => {
          const samples = await watched.query(filled(expr));
          return samples.some(({ value }) => Number.isFinite(Number(value[1]))) ? samples : undefined;
        });
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        for (const label of labels) expect(shown[0]?.metric, expr).toHaveProperty(label);
      }
    });

    it("asks for no measure that nobody tells, nor for ours of anybody else", async () => {
      const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => filled(expr)));
      const measures = new Set(expressions.flatMap((expression) => readPromql(expression).measures));

      for (const measure of measures) {
        const jobs = (await watched.query(`count by (job) (${measure})`)).map(({ metric }) => metric.job);
        const [origin = "others"] = [
          ...(/^storefleet_|^process_/.test(measure) ? [API_JOB] : []),
          ...(measure.startsWith("probe_") ? [STOREFRONTS_JOB] : []),
        ];
        if (measure === "up") expect(jobs).toContain(API_JOB);
        else expect(jobs, measure).toEqual([origin]);
      }
      expect(measures.size).toBeGreaterThan(5);
    });
  });

  it("of one store lets its reader choose among those that there are", async () => {
    const variable = storeDashboard().templating?.list?.find(({ name }) => name === "store");
    const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(String(variable?.query)) ?? [];
    const [, pattern = ""] = /^\/(.+)\/$/.exec(variable?.regex ?? "") ?? [];

    const values = (await watched.ask(`label/${label}/values?match[]=${encodeURIComponent(selector)}`)) as string[];

    expect(values.map((value) => new RegExp(pattern).exec(value)?.[1])).toContain(store);
  });
});
