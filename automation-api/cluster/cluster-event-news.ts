import { z } from "zod";
import type { PodNews } from "./pod-news.ts";

/** An Event of Kubernetes: what the scheduler, a controller or a kubelet has to say about an object. */
export const clusterEventSchema = z.object({
  metadata: z.object({ uid: z.string() }),
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional() }),
  /** When it happened last; controllers use one field or the other. */
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});
export type ClusterEvent = z.infer<typeof clusterEventSchema>;

/**
 * Warnings that a healthy start brings with it: probes fail until a server answers, and pods are placed a moment before
 * what they need is there.
 */
const NORMAL_AT_START = new Set(["Unhealthy", "FailedToUpdateEndpoint", "FailedToUpdateEndpointSlices", "ProbeError"]);

/** Both say what the pod itself says in better words. */
const SAID_BY_POD = new Set(["BackOff", "Failed"]);

/** What is left of a pod's name without what its controllers add: `medusa-6d5f7c9b8-x2x4z`, `postgres-0`. */
function componentOf(name: string): string {
  return name.replace(/(-[a-f0-9]{7,10})?-[a-z0-9]{5}$/, "").replace(/(-[a-f0-9]{7,10}|-\d+)$/, "");
}

/** Whether it was over before a moment: a cluster remembers for an hour what went wrong in an earlier attempt. */
export function isBefore({ lastTimestamp, eventTime }: ClusterEvent, moment: Date): boolean {
  const at = lastTimestamp ?? eventTime;
  return typeof at === "string" && Date.parse(at) < moment.getTime();
}

/** A line for a person, or `undefined` for what nobody needs to know. */
export function newsOfClusterEvent({
  type,
  reason = "",
  message = "",
  involvedObject,
}: ClusterEvent): PodNews | undefined {
  const component = componentOf(involvedObject.name ?? "");
  if (reason === "Pulling") return { component, severity: "info", text: `${component}: pulling image` };
  if (type !== "Warning" || NORMAL_AT_START.has(reason) || SAID_BY_POD.has(reason)) return undefined;
  const text = message.trim().split("\n")[0] ?? "";
  return { component, severity: "warning", text: `${component}: ${text} (${reason})` };
}
