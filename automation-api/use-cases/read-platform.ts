import { engines } from "../../stores/engines/registry.ts";
import { type ComponentSize, mostReplicas } from "../../stores/plans.ts";
import { ENGINES, type Engine, PLANS, type Plan } from "../../stores/spec.ts";
import { addressesOf, type Target } from "../../stores/target.ts";
import type { Config } from "../config.ts";
import type { PlanCost, Platform } from "../contract/platform.ts";
import { withoutPassword } from "./inspect-commands.ts";

/** Asks the cluster whether it answers, for at most two seconds. */
export type InspectCluster = () => Promise<{ reachable: boolean; version?: string }>;

export type PlatformConfig = Pick<Config, "pulumi" | "cluster" | "databaseDescription" | "concurrency" | "target">;

/** What this machine uses, and which engines and plans there are. */
export async function readPlatform(config: PlatformConfig, inspectCluster: InspectCluster): Promise<Platform> {
  const { description, version, backendUrl } = config.pulumi;
  return {
    pulumi: { description, version, backend: withoutPassword(backendUrl) },
    cluster: { description: config.cluster.description, ...(await inspectCluster()) },
    database: { description: config.databaseDescription },
    concurrency: config.concurrency,
    // Forwards matter only where there is no ingress; there, every engine has the same kind of address.
    addressTemplate: addressesOf({ name: "{name}" }, config.target, engines[ENGINES[0]].forwards).storefront,
    engines: ENGINES.map((engine) => ({
      engine,
      title: engines[engine].title,
      version: engines[engine].version,
      plans: PLANS.map((plan) => costOf(engine, plan, config.target)),
    })),
  };
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
