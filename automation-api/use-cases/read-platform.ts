import { engines } from "../../stores/engines/registry.ts";
import { type ComponentSize, mostReplicas } from "../../stores/plans.ts";
import { ENGINES, type Engine, PLANS, type Plan } from "../../stores/spec.ts";
import { addressesOf, type Target } from "../../stores/target.ts";
import { targetIn } from "../clusters.ts";
import type { Config } from "../config.ts";
import { HOME } from "../contract/cluster.ts";
import type { PlanCost, Platform } from "../contract/platform.ts";
import { allClusters } from "../database/cluster-repository.ts";
import type { Connection } from "../database/connection.ts";
import { withoutPassword } from "./inspect-commands.ts";

/** Asks the cluster whether it answers, for at most two seconds. */
export type InspectCluster = () => Promise<{ reachable: boolean; version?: string }>;

export type PlatformConfig = Pick<Config, "pulumi" | "cluster" | "databaseDescription" | "concurrency" | "target">;

/** What this machine uses, and which engines and plans there are. */
export async function readPlatform(
  { database }: Connection,
  config: PlatformConfig,
  inspectCluster: InspectCluster,
): Promise<Platform> {
  const { description, version, backendUrl } = config.pulumi;
  const home = { name: HOME, description: config.cluster.description, takes: true, target: config.target };
  const others = (await allClusters(database)).map((row) => {
    const { name, description, state } = row;
    return { name, description, takes: state === "active", target: targetIn(config.target, row) };
  });
  return {
    pulumi: { description, version, backend: withoutPassword(backendUrl) },
    cluster: { description: config.cluster.description, ...(await inspectCluster()) },
    clusters: [home, ...others].map(({ target, ...told }) => ({ ...told, addressTemplate: addressIn(target) })),
    database: { description: config.databaseDescription },
    concurrency: config.concurrency,
    addressTemplate: addressIn(config.target),
    engines: ENGINES.map((engine) => ({
      engine,
      title: engines[engine].title,
      version: engines[engine].version,
      plans: PLANS.map((plan) => costOf(engine, plan, config.target)),
    })),
  };
}

/** Forwards matter only where there is no ingress; there, every engine has the same kind of address. */
function addressIn(target: Target): string {
  return addressesOf({ name: "{name}" }, target, engines[ENGINES[0]].forwards).storefront;
}

/** What all pods of a store come to: set aside for those that always run, at most for all that may run under load. */
export function costOf(engine: Engine, plan: Plan, target: Target): PlanCost {
  const sizes: readonly ComponentSize[] = Object.values(engines[engine].plans[plan]);
  const sum = (amount: (size: ComponentSize) => number) => sizes.reduce((total, size) => total + amount(size), 0);
  return {
    plan,
    cpu: {
      request: sum((size) => size.replicas * size.cpu.request),
      limit: sum((size) => mostReplicas(size) * size.cpu.limit),
    },
    memory: {
      request: sum((size) => size.replicas * size.memory.request),
      limit: sum((size) => mostReplicas(size) * size.memory.limit),
    },
    storage: sum((size) => size.storage ?? 0),
    pods: sum((size) => size.replicas),
    notes: [...(engines[engine].notes?.({ plan }, target) ?? [])],
  };
}
