import { createServer } from "node:http";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../automation-api/database/connection.ts";
import { createMetrics } from "../../automation-api/http/metrics.ts";
import { alertsOf } from "../../infra/observability/alerts.ts";
import { platformDashboard } from "../../infra/observability/platform-dashboard.ts";
import { storeDashboard, storesDashboard } from "../../infra/observability/store-dashboards.ts";
import { readPromql } from "../helpers/promql.ts";
import { alertExamples } from "./alert-examples/examples.ts";

// Rules and dashboards ask for what somebody offers. Ours is asked of /metrics itself.

/** What others offer, as their documentation names it. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  Prometheus: ["up"],
  kubelet: ["kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"],
  cAdvisor: ["container_cpu_usage_seconds_total", "container_memory_working_set_bytes"],
  "kube-state-metrics": [
    "kube_namespace_created",
    "kube_node_status_condition",
    "kube_pod_container_status_restarts_total",
    "kube_resourcequota",
  ],
  blackbox_exporter: [
    "probe_duration_seconds",
    "probe_http_duration_seconds",
    "probe_http_status_code",
    "probe_ssl_earliest_cert_expiry",
    "probe_success",
  ],
  "cert-manager": ["certmanager_certificate_expiration_timestamp_seconds"],
};

/** Names of everything that the API tells at /metrics, without a database: what is told, not what it is. */
async function ownMeasures(): Promise<string[]> {
  const connection = connect("postgres://nobody@127.0.0.1:1/nothing");
  const checkHost = (_request: unknown, _response: unknown, next: () => void) => next();
  const { serve, measure } = createMetrics({ database: connection.database, token: undefined, checkHost });
  const server = createServer(express().use(measure, serve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await new Promise((resolve) => server.close(resolve));
  await connection.close();
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name],
  );
}

let own: string[] = [];
let offered: ReadonlySet<string> = new Set();
beforeAll(async () => {
  own = await ownMeasures();
  offered = new Set([...own, ...Object.values(OF_OTHERS).flat()]);
});
afterAll(() => void own.splice(0));

/** Why an expression cannot be asked. */
function troubleOf(expression: string): string[] {
  const { measures, mistakes } = readPromql(expression);
  const unknown = measures.filter((name) => !offered.has(name)).map((name) => `nobody offers ${name}`);
  return [...mistakes, ...unknown, ...(measures.length === 0 ? ["it asks for nothing"] : [])];
}

describe("every alert", () => {
  const alerts = Object.values(alertsOf({ namespace: "storefleet-system", blackboxExporter: "blackbox:9115" })).flat();

  it.each(alerts.map(({ name, expression }) => [name, expression]))("%s asks for what there is", (_, expression) => {
    expect(troubleOf(expression)).toEqual([]);
  });

  it("has examples of when it fires and when it is silent", () => {
    expect(Object.keys(alertExamples).sort()).toEqual(alerts.map(({ name }) => name).sort());
  });
});

interface Panel {
  readonly title?: string;
  readonly targets?: readonly { expr: string }[];
}

describe.each([platformDashboard(), storesDashboard(), storeDashboard()])("the dashboard “$title”", (dashboard) => {
  const panels = (dashboard.panels ?? []) as readonly Panel[];

  it("asks for what there is, in every panel", () => {
    expect(panels.length).toBeGreaterThan(9);
    for (const { title = "", targets = [] } of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr } of targets) expect(troubleOf(expr), `${title}: ${expr}`).toEqual([]);
    }
  });

  it("has no two panels in the same place, nor of the same title", () => {
    const places = panels.map((panel) => JSON.stringify((panel as { gridPos: object }).gridPos));

    expect(new Set(places).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it("lets its reader choose the Prometheus, and the store where there is one", () => {
    const variables = (dashboard.templating?.list ?? []).map(({ name, query }) => ({ name, query: String(query) }));
    const queries = variables.flatMap(({ query }) => /^label_values\((.+), \w+\)$/.exec(query)?.[1] ?? []);

    expect(variables[0]).toEqual({ name: "datasource", query: "prometheus" });
    for (const query of queries) expect(troubleOf(query)).toEqual([]);
    expect(JSON.stringify(dashboard)).not.toMatch(/"uid":"(?!\$datasource|storefleet-)/);
  });
});

describe("the reader of expressions", () => {
  it("finds what nobody offers, and what is no PromQL", () => {
    expect(troubleOf("sum(rate(storefleet_oprations_total[5m])) by (kind)")).toEqual([
      "nobody offers storefleet_oprations_total",
    ]);
    expect(readPromql("max by (kind (storefleet_stores) > ").mistakes).not.toEqual([]);
    expect(readPromql("a / on (x) group_left b{c=~'d'} offset 5m").measures).toEqual(["a", "b"]);
  });

  it("knows our own measures by asking for them", () => {
    expect(own).toEqual(expect.arrayContaining(["storefleet_database_up", "storefleet_operation_wait_seconds_bucket"]));
    expect(own).toContain("storefleet_http_request_duration_seconds_bucket");
  });
});
