import { z } from "zod";

// What a person wants to know about the pods of a store, from what the cluster tells about them. Pure.

/** One line about a store's pods. */
export interface PodNews {
  /** Component of the engine, such as `postgres`; empty when it is about none in particular. */
  readonly component: string;
  readonly severity: "info" | "warning";
  readonly text: string;
  /** What has been reached: its init containers are done, or it is ready. */
  readonly reached?: "set-up" | "ready";
}

const containerSchema = z.object({
  name: z.string(),
  ready: z.boolean().optional(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
      running: z.object({}).optional(),
      terminated: z
        .object({ exitCode: z.number(), reason: z.string().optional(), message: z.string().optional() })
        .optional(),
    })
    .optional(),
});
type Container = z.infer<typeof containerSchema>;

export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
      initContainerStatuses: z.array(containerSchema).optional(),
      containerStatuses: z.array(containerSchema).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof podSchema>;

/** How far a pod is. */
export type PodStage = "waiting" | "setting-up" | "starting" | "ready" | "stopping";

/** A pod as it was when it was last heard of. */
export interface KnownPod {
  readonly stage: PodStage;
  readonly isSetUp: boolean;
  readonly trouble?: string;
}

const COMPONENT_LABEL = "app.kubernetes.io/component";

const stageTexts: Readonly<Record<PodStage, string | undefined>> = {
  waiting: undefined,
  "setting-up": "setting up",
  starting: "starting",
  ready: "ready",
  stopping: "stopping",
};

/** Reasons for which a container waits although nothing is wrong. */
const HARMLESS = new Set(["ContainerCreating", "PodInitializing"]);

export function componentOf(pod: Pod): string {
  return pod.metadata.labels?.[COMPONENT_LABEL] ?? pod.metadata.name;
}

export function knownPod(pod: Pod): KnownPod {
  const init = pod.status?.initContainerStatuses ?? [];
  const main = pod.status?.containerStatuses ?? [];
  const isSetUp = init.length > 0 && init.every(({ state }) => state?.terminated?.exitCode === 0);
  const trouble = [...init, ...main].map(troubleOf).find((found) => found !== undefined);
  return { stage: stageOf(pod, init, main), isSetUp, ...(trouble === undefined ? {} : { trouble }) };
}

function stageOf(pod: Pod, init: readonly Container[], main: readonly Container[]): PodStage {
  if (pod.metadata.deletionTimestamp !== undefined) return "stopping";
  if (pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) return "ready";
  if (main.some(({ state }) => state?.running !== undefined)) return "starting";
  return init.some(({ state }) => state?.running !== undefined) ? "setting-up" : "waiting";
}

function troubleOf({ name, state }: Container): string | undefined {
  const { waiting, terminated } = state ?? {};
  if (waiting?.reason !== undefined && !HARMLESS.has(waiting.reason)) {
    return `${name} does not start (${waiting.reason})${waiting.message === undefined ? "" : `: ${waiting.message}`}`;
  }
  if (terminated !== undefined && terminated.exitCode !== 0) {
    const reason = terminated.reason === undefined ? "" : ` (${terminated.reason})`;
    const message = terminated.message === undefined ? "" : `: ${terminated.message}`;
    return `${name} stopped with exit code ${terminated.exitCode}${reason}${message}`;
  }
  return undefined;
}

/** What is new about a pod since it was last heard of. */
export function newsOfPod(pod: Pod, before: KnownPod | undefined): PodNews[] {
  const component = componentOf(pod);
  const now = knownPod(pod);
  const news: PodNews[] = [];
  if (now.isSetUp && before?.isSetUp !== true) {
    news.push({ component, severity: "info", text: `${component}: set up`, reached: "set-up" });
  }
  const stageText = stageTexts[now.stage];
  if (now.stage !== before?.stage && stageText !== undefined) {
    const text = `${component}: ${stageText}`;
    news.push({ component, severity: "info", text, ...(now.stage === "ready" && { reached: "ready" }) });
  }
  // A pod that is being stopped may end in any way.
  if (now.trouble !== undefined && now.trouble !== before?.trouble && now.stage !== "stopping") {
    news.push({ component, severity: "warning", text: `${component}: ${now.trouble}` });
  }
  return news;
}
