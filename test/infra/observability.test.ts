import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { alertsOf, anchorOf } from "../../infra/observability/alerts.ts";
import { CANARY, type ProgramRun, runPlatformProgram } from "../helpers/store-program.ts";

const images = {
  apiImage: "localhost/storefleet/api:0123456789ab",
  workerImage: "localhost/storefleet/worker:0123456789ab",
  databaseImage: "localhost/storefleet/postgres:0123456789ab",
};
const watched = {
  ...images,
  monitoring: "prometheus-operator",
  monitoringLabels: JSON.stringify({ release: "kube-prometheus-stack" }),
  blackboxExporter: "blackbox-exporter.monitoring.svc:9115",
  blackboxModule: "storefronts",
  runbooks: "https://git.example.com/storefleet/infra/RUNBOOKS.md",
  dashboardLabel: "grafana_dashboard",
  lokiUrl: "https://loki.example.com/loki/api/v1/push",
  lokiSecret: "loki",
  alloyImage: "registry.example.com/grafana/alloy:v1.12.0",
};
const MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const PROBES = "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const named = ({ resources }: ProgramRun, pattern: RegExp) => resources.filter(({ type }) => pattern.test(type));
const token = { type: "Bearer", credentials: { name: "metrics-token", key: "token" } };

describe("a cluster where nobody watches", () => {
  it("gets no object of a kind that it does not know, no dashboard, and nothing that reads logs", async () => {
    const run = await runPlatformProgram("local", images);

    expect(named(run, /monitoring\.coreos\.com/)).toEqual([]);
    expect(
      run.resources.map(({ name }) => name).filter((name) => /^(dashboard-|logs$|network-logs$)/.test(name)),
    ).toEqual([]);
    expect(JSON.stringify(run.find(POLICY, "network-api").plain)).not.toContain("prometheus");
  });
});

describe("a cluster with the Prometheus operator", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runPlatformProgram("watched", watched);
  });

  it("reads the API's measures with the token, which stays in its Secret", () => {
    expect(run.find(MONITOR).plain).toMatchObject({
      metadata: { name: "api", namespace: "storefleet-system", labels: { release: "kube-prometheus-stack" } },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/component": "api" } },
        endpoints: [{ port: "http", path: "/metrics", authorization: token }],
      },
    });
    expect(JSON.stringify(run.resources.map(({ plain }) => plain))).not.toContain(CANARY);
  });

  it("lets Prometheus call the API, and nobody else of its namespace", () => {
    const { spec } = run.find(POLICY, "network-api").plain as { spec: { ingress: { from: object[] }[] } };

    expect(spec.ingress).toHaveLength(1);
    expect(spec.ingress[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } },
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
        podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
      },
    ]);
  });

  it("asks the API which storefronts to probe, so that a new store needs no change", () => {
    expect(run.find(PROBES).plain.spec).toMatchObject({
      httpSDConfigs: [{ url: "http://api.storefleet-system.svc/metrics/targets", authorization: token }],
      metricsPath: "/probe",
      params: { module: ["storefronts"] },
      relabelings: [
        { sourceLabels: ["__address__"], targetLabel: "__param_target" },
        { sourceLabels: ["__param_target"], targetLabel: "instance" },
        { targetLabel: "__address__", replacement: "blackbox-exporter.monitoring.svc:9115" },
        { targetLabel: "job", replacement: "storefleet-storefronts" },
      ],
    });
  });

  it("has forgotten a storefront that is deleted long before anybody would be told that it is down", () => {
    const minutes = (duration: unknown) => Number(/^(\d+)m$/.exec(String(duration))?.[1]);
    const { httpSDConfigs, scrapeInterval } = run.find(PROBES).plain.spec as {
      httpSDConfigs: { refreshInterval: string }[];
      scrapeInterval: string;
    };
    const { groups } = run.find(RULES).plain.spec as { groups: { rules: Rule[] }[] };
    const down = groups.flatMap((group) => group.rules).find(({ alert }) => alert === "StorefleetStoreDown");

    const forgotten = minutes(httpSDConfigs[0]?.refreshInterval) + minutes(scrapeInterval);

    expect(forgotten).toBeLessThan(minutes(down?.for) - 1);
  });

  it("probes nothing where there is no exporter for it", async () => {
    const without = await runPlatformProgram("unprobed", { ...watched, blackboxExporter: "" });

    expect(named(without, /ScrapeConfig$/)).toEqual([]);
    expect(named(without, /ServiceMonitor$/)).toHaveLength(1);
    // Nor does it look as if somebody would be told.
    expect(JSON.stringify(without.find(RULES).plain)).not.toContain("probe_");
  });

  it("has an alert for everything that somebody must see to, each with its severity, a sentence and its runbook", () => {
    const { groups } = run.find(RULES).plain.spec as { groups: { rules: Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules);

    expect(rules.map(({ alert }) => alert).sort()).toEqual([
      "StorefleetApiAway",
      "StorefleetCertificateExpires",
      "StorefleetDatabaseAway",
      "StorefleetDiskPressure",
      "StorefleetNoWorker",
      "StorefleetOperationsFail",
      "StorefleetQueueGrowsOld",
      "StorefleetStoreCertificateExpires",
      "StorefleetStoreDown",
      "StorefleetStoresNotProbed",
      "StorefleetTakeOvers",
      "StorefleetVolumeFills",
      "StorefleetVolumeFull",
      "StorefleetWorkerSilent",
    ]);
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).toMatch(/^(warning|critical)$/);
      expect(annotations.summary, alert).toMatch(/^[A-Z{].*[.]$/);
      expect(annotations.runbook_url, alert).toBe(`${watched.runbooks}#${annotations.runbook?.split("#")[1]}`);
    }
  });

  it("brings Grafana three dashboards, each found by the label", () => {
    const maps = named(run, /ConfigMap$/).filter(({ name }) => name.startsWith("dashboard-"));

    expect(maps.map(({ plain }) => plain)).toMatchObject(
      ["storefleet-platform", "storefleet-stores", "storefleet-store"].map((uid) => ({
        metadata: { name: `dashboard-${uid}`, labels: { grafana_dashboard: "1" } },
        data: { [`${uid}.json`]: expect.stringContaining(`"uid":"${uid}"`) },
      })),
    );
  });
});

describe("the collection of logs", () => {
  let run: ProgramRun;
  let configuration: string;
  beforeAll(async () => {
    run = await runPlatformProgram("logged", watched);
    configuration = (run.find(CONFIG_MAP, "logs").plain.data as Record<string, string>)["config.alloy"] ?? "";
  });

  it("reads only pods of the platform, and of these not what operations and the database print", () => {
    expect(configuration).toContain('names = ["storefleet-system"]');
    const [, kept = "never"] = /regex\s+= "(.+)"/.exec(configuration) ?? [];
    const isRead = (part: string) => new RegExp(`^(?:${kept})$`).test(`storefleet-platform;${part}`);
    expect(["api", "worker", "migration", "operation", "database", "logs"].filter(isRead)).toEqual([
      "api",
      "worker",
      "migration",
    ]);
  });

  it("keeps store, operation and the id of the request, and no password of an address", () => {
    for (const field of ["store", "operation", "correlation"]) {
      expect(configuration).toMatch(new RegExp(`^\\s+${field}\\s+= "`, "m"));
    }
    // As Go reads the string, and as its expressions are written, which JavaScript's are enough like.
    const [, written = '""'] = /expression = (".*")$/m.exec(configuration) ?? [];
    const [, password] = new RegExp(JSON.parse(written)).exec('"postgres://fleet:hidden@db/storefleet"') ?? [];
    expect(password).toBe("hidden");
  });

  it("signs in by a Secret, and reaches the names, the API server and Loki only", () => {
    const { spec } = run.find("kubernetes:apps/v1:Deployment", "logs").plain as { spec: { template: { spec: Pod } } };
    const [container] = spec.template.spec.containers;

    expect(configuration).toContain('sys.env("LOKI_PASSWORD")');
    expect(container?.env.map(({ valueFrom }) => valueFrom.secretKeyRef)).toEqual([
      { name: "loki", key: "username" },
      { name: "loki", key: "password" },
    ]);
    const policy = run.find(POLICY, "network-logs").plain as { spec: { egress: { ports: { port: number }[] }[] } };
    expect(policy.spec.egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [53, 53],
      [443, 6443],
      [443],
    ]);
    expect(run.find("kubernetes:rbac.authorization.k8s.io/v1:Role", "logs").plain.rules).toEqual([
      { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "watch"] },
    ]);
  });
});

describe("runbooks", () => {
  const root = join(import.meta.dirname, "..", "..");
  const headings = readFileSync(join(root, "infra", "RUNBOOKS.md"), "utf8")
    .split("\n")
    .flatMap((line) => (line.startsWith("## ") ? [line.slice(3)] : []));

  it("have a section for every alert", () => {
    const wanted = Object.values(alertsOf({ namespace: "any", blackboxExporter: "any:9115" })).flatMap((alerts) =>
      alerts.map(({ runbook }) => runbook),
    );

    for (const heading of wanted) expect(headings).toContain(heading);
  });

  it("are led to by anchors that tell them apart", () => {
    expect(anchorOf("A worker hangs, or is gone")).toBe("a-worker-hangs-or-is-gone");
    expect(anchorOf("The database's primary is gone")).toBe("the-databases-primary-is-gone");
    expect(new Set(headings.map(anchorOf)).size).toBe(headings.length);
  });
});

interface Rule {
  readonly alert: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}
interface Pod {
  readonly containers: readonly { env: readonly { valueFrom: { secretKeyRef: object } }[] }[];
}
