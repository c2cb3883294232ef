import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import { ensureToolFolder } from "../../toolchain/tools/tools.ts";
import { type TestCluster, takeCluster } from "../helpers/cluster.ts";
import { dryRun } from "../helpers/dry-run.ts";
import { teachKinds } from "../helpers/kinds.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";
import { platformImages } from "./platform-images.ts";

// What the local profile leaves off, shown to an API server that has been taught the kinds of others. Nothing is made.

const kindsOf = {
  "traefik-chart": "traefik/crds",
  "cert-manager-chart": "crds",
  "gateway-api": "crds",
  "prometheus-operator": "crds",
  cloudnativepg: "crds",
} as const;
const names = Object.keys(kindsOf) as (keyof typeof kindsOf)[];

let machine: TestCluster;
let forgetKinds: () => Promise<void>;

beforeAll(async () => {
  machine = await takeCluster([]);
  const folders: string[] = [];
  for (const name of names) folders.push(join(await ensureToolFolder(machine.context, name), kindsOf[name]));
  forgetKinds = await teachKinds(machine, folders);
});
afterAll(() => forgetKinds?.());

/** Every object that the program declares, but for charts, which are no objects, and for namespaces. Gives what was taken. */
async function show(settings: Record<string, string>): Promise<string[]> {
  const { resources } = await runPlatformProgram("strange", {
    ...platformImages,
    ...settings,
    // One that every cluster has; the platform's own does not exist.
    ...{ namespace: "default", certManagerNamespace: "default" },
  });
  const items = resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !/^kubernetes:helm\.sh\/|:Namespace$/.test(type))
    .map(({ shown }) => shown);
  return dryRun(machine, items);
}

it("takes monitors, rules, probes, dashboards and the collection of logs", async () => {
  const taken = await show({
    ...{ monitoring: "prometheus-operator", monitoringLabels: '{"release":"kube-prometheus-stack"}' },
    ...{ blackboxExporter: "blackbox-exporter.monitoring.svc:9115", dashboardLabel: "grafana_dashboard" },
    ...{ lokiUrl: "https://loki.example.com/loki/api/v1/push", lokiSecret: "loki" },
    alloyImage: "registry.example.com/grafana/alloy:v1.12.0",
  });

  expect(taken.filter((name) => name.includes("monitoring.coreos.com")).sort()).toEqual([
    "prometheusrule.monitoring.coreos.com/storefleet",
    "scrapeconfig.monitoring.coreos.com/storefronts",
    "servicemonitor.monitoring.coreos.com/api",
  ]);
});

it("takes a database of CloudNativePG", async () => {
  const several = { database: "cloudnativepg", databaseImage: "", databasePassword: "hidden", storageClass: "fast" };

  expect(await show({ ...several, databaseStorage: "20Gi" })).toContain("cluster.postgresql.cnpg.io/database");
});

it("takes a Vault, and keys in clouds", async () => {
  expect(await show({ vault: "development", secretsProvider: "hashivault://stores" })).toContain(
    "deployment.apps/vault",
  );
  await show({ secretsProvider: "awskms://alias/stores", credentialsSecret: "cloud-credentials" });
});

it("takes more workers under load, by processor and by what waits", async () => {
  const taken = await show({ workerMaxReplicas: "5", apiMaxReplicas: "4", queueMetric: "storefleet_queue_depth" });

  expect(taken.filter((name) => name.startsWith("horizontalpodautoscaler"))).toHaveLength(2);
});

it.each(["local", "vps", "production"])(
  "takes every object of Pulumi.%s.yaml, also those of others' kinds",
  async (stack) => {
    const { config }: { config: Record<string, unknown> } = parse(
      readFileSync(join(repositoryRoot, `Pulumi.${stack}.yaml`), "utf8"),
    );
    const given = Object.entries(config).map(([key, value]) => [
      key.replace("platform:", ""),
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const secret =
      stack === "production" ? { databaseUrl: "postgres://fleet:hidden@database.example.com/storefleet" } : {};

    expect((await show({ ...secret, ...Object.fromEntries(given) })).length).toBeGreaterThan(20);
  },
);
