import { PLANS, type Plan } from "./spec.ts";

// What the sizes of a store come to in the cluster. Pure arithmetic: each engine brings a table of its components,
// and the quota, the limits of a container and the limits of a volume are computed from it.

/** An amount that is set aside (`request`) and one that is never exceeded (`limit`). */
export interface Amount {
  readonly request: number;
  readonly limit: number;
}

/** What one component of an engine gets on one plan. */
export interface ComponentSize {
  /** Thousandths of a core. Small requests let many quiet stores share a node, large limits let each start quickly. */
  readonly cpu: Amount;
  /** MiB. Beyond its limit the container is killed. */
  readonly memory: Amount;
  /** Pods that run at all times; more than one also get a PodDisruptionBudget. */
  readonly replicas: number;
  /** Pods that may run under load. */
  readonly autoscale?: {
    readonly maxReplicas: number;
    /** Thousandths of a core a pod uses on average before another is added. */
    readonly targetCpu: number;
  };
  /** Pods beyond `replicas` while a new version rolls out; 0 for a component that stops before it starts anew. */
  readonly surge: 0 | 1;
  /** GiB of its volume, where it has one. */
  readonly storage?: number;
}

/** Components by name. One that a plan does not have is left out. */
export type EnginePlan = Readonly<Record<string, ComponentSize>>;
export type EnginePlans = Readonly<Record<Plan, EnginePlan>>;

/** Revisions of a release that Helm keeps, each as a Secret. One is enough to go back. */
export const RELEASE_HISTORY = 2;

/** Upper bounds that no store comes near; they stop a store from filling the cluster's own database. */
const OBJECT_COUNTS = {
  services: "10",
  "services.nodeports": "0",
  "services.loadbalancers": "0",
  secrets: "20",
  configmaps: "20",
  persistentvolumeclaims: "5",
  "count/deployments.apps": "10",
  "count/replicasets.apps": "40",
  "count/statefulsets.apps": "5",
  "count/jobs.batch": "10",
  "count/cronjobs.batch": "5",
  "count/ingresses.networking.k8s.io": "2",
  "count/serviceaccounts": "5",
} as const;

/** Shared by every engine: pods that a person or a backup may add for a while, each as large as `DEFAULT_SIZE`. */
const SPARE_PODS = 1;

/** What a container gets that does not say what it needs. All of ours say. */
export const DEFAULT_SIZE = {
  cpu: { request: 10, limit: 500 },
  memory: { request: 32, limit: 128 },
} as const satisfies Pick<ComponentSize, "cpu" | "memory">;

/** Most pods of a component that are there on purpose, rolling out left aside. */
export function mostReplicas(size: ComponentSize): number {
  return Math.max(size.replicas, size.autoscale?.maxReplicas ?? 0);
}

/**
 * `spec.hard` of the store's ResourceQuota. It fits the plan with everything scaled out and every component rolling out at
 * once. The pods of a roll-out count at the component's size on its largest plan: while a store changes to a smaller
 * plan, pods of the old size are still there when the first of the new size must be let in.
 */
export function quotaFor(plans: EnginePlans, plan: Plan): Readonly<Record<string, string>> {
  const sizes = Object.entries(plans[plan]);
  const total = (amount: (size: Pick<ComponentSize, "cpu" | "memory">) => number) =>
    sizes.reduce(
      (sum, [component, size]) =>
        sum + mostReplicas(size) * amount(size) + size.surge * largest(plans, component, amount),
      SPARE_PODS * amount(DEFAULT_SIZE),
    );
  const pods = sizes.reduce((sum, [, size]) => sum + mostReplicas(size) + size.surge, SPARE_PODS);
  const storage = sizes.reduce((sum, [, size]) => sum + (size.storage ?? 0), 0);
  return {
    "requests.cpu": `${total((size) => size.cpu.request)}m`,
    "limits.cpu": `${total((size) => size.cpu.limit)}m`,
    "requests.memory": `${total((size) => size.memory.request)}Mi`,
    "limits.memory": `${total((size) => size.memory.limit)}Mi`,
    "requests.storage": `${storage}Gi`,
    pods: String(pods),
    ...OBJECT_COUNTS,
  };
}

/** `spec.limits` of the store's LimitRange: no container or volume is larger than the largest of the engine's plans. */
export function limitsFor(plans: EnginePlans) {
  const sizes = PLANS.flatMap((plan) => Object.values(plans[plan]));
  const most = (amount: (size: ComponentSize) => number) => Math.max(...sizes.map(amount));
  return [
    {
      type: "Container",
      default: { cpu: `${DEFAULT_SIZE.cpu.limit}m`, memory: `${DEFAULT_SIZE.memory.limit}Mi` },
      defaultRequest: { cpu: `${DEFAULT_SIZE.cpu.request}m`, memory: `${DEFAULT_SIZE.memory.request}Mi` },
      max: { cpu: `${most((size) => size.cpu.limit)}m`, memory: `${most((size) => size.memory.limit)}Mi` },
    },
    // Not the plan's own size: a volume that was made on a larger plan must stay valid on a smaller one.
    { type: "PersistentVolumeClaim", max: { storage: `${most((size) => size.storage ?? 0)}Gi` } },
  ];
}

/** The largest amount a component has on any plan. */
function largest(plans: EnginePlans, component: string, amount: (size: ComponentSize) => number): number {
  return Math.max(
    ...PLANS.map((plan) => {
      const size = plans[plan][component];
      return size === undefined ? 0 : amount(size);
    }),
  );
}

/** `resources` of a container, as Kubernetes writes them. */
export function resourcesOf({ cpu, memory }: Pick<ComponentSize, "cpu" | "memory">) {
  return {
    requests: { cpu: `${cpu.request}m`, memory: `${memory.request}Mi` },
    limits: { cpu: `${cpu.limit}m`, memory: `${memory.limit}Mi` },
  };
}
