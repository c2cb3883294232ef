import type { Milestone } from "../../stores/engines/engine.ts";
import { engines } from "../../stores/engines/registry.ts";
import type { Spec } from "../../stores/spec.ts";
import type { OperationKind } from "../contract/operation.ts";
import type { ResourceEvent } from "../stack-runner.ts";
import { beginStep, endStep, endThrough, finishPart, type Track } from "./progress.ts";

// What each thing that is seen means for the steps of an operation.

export type Observation =
  /** Something happened to a resource of the stack. */
  | ResourceEvent
  /** Something happened to a pod of the store. */
  | { readonly kind: "pod"; readonly component: string; readonly reached: "set-up" | "ready" }
  /** The stack is up and the store is asked to sell. */
  | { readonly kind: "proof" }
  /** Everything runs with the new secrets, and the old ones are refused from now on. */
  | { readonly kind: "close" }
  /** The stack is gone and we look whether anything is left. */
  | { readonly kind: "verify" };

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const WALLS: ReadonlySet<string> = new Set([
  NAMESPACE,
  "kubernetes:core/v1:ResourceQuota",
  "kubernetes:core/v1:LimitRange",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
]);
/** What a killed run is cleaned up with; it says nothing about how far the new one is. */
const NO_ADVANCE: ReadonlySet<string> = new Set(["refresh", "read", "delete", "discard"]);

/** How many resources the steps of a creation are about, by the step's key. */
export function partsOf(kind: OperationKind, { engine, plan }: Pick<Spec, "engine" | "plan">): Record<string, number> {
  if (kind !== "create") return {};
  const { plans, credentials } = engines[engine];
  const random = Object.values(credentials.entries).filter((entry) => entry.kind !== "adminEmail");
  return {
    // Namespace, quota, limits, the policy that denies everything; then one policy for each component.
    isolation: 4 + Object.keys(plans[plan]).length,
    // The random values, the password of the database, and the Secret they are in.
    credentials: random.length + 2,
  };
}

/** The track after something was seen. */
export function observe(track: Track, seen: Observation, now: number): Track {
  switch (seen.kind) {
    case "proof":
    case "close":
    case "verify":
      return endThrough(track, indexOf(track, seen.kind) - 1, now);
    case "pod": {
      const { component } = seen;
      return reach(track, seen.reached === "ready" ? { kind: "ready", component } : { kind: "set-up", component }, now);
    }
    case "resource":
      return whileDoing[track.kind](track, seen, now);
  }
}

function whileCreating(track: Track, { type, phase, action }: ResourceEvent, now: number): Track {
  if (NO_ADVANCE.has(action)) return track;
  const isolation = indexOf(track, "isolation");
  const credentials = indexOf(track, "credentials");
  const running = endStep(track, indexOf(track, "prepare"), now);
  if (type === RELEASE) {
    const released = endThrough(running, credentials, now);
    return phase === "finished" ? reach(released, { kind: "released" }, now) : released;
  }
  const index = WALLS.has(type) ? isolation : type.startsWith("random:") || type === SECRET ? credentials : undefined;
  if (index === undefined) return running;
  return phase === "finished" ? finishPart(running, index, now) : beginStep(running, index, now);
}

function whileDeleting(track: Track, { type, phase, action }: ResourceEvent, now: number): Track {
  if (action !== "delete") return track;
  const running = endStep(track, indexOf(track, "prepare"), now);
  if (type === RELEASE && phase === "finished") return endThrough(running, indexOf(track, "release"), now);
  // The namespace goes when nothing else is left, so a store without a release gets here at once.
  if (type === NAMESPACE) return endThrough(running, indexOf(track, "release"), now);
  return running;
}

function whileRotating(track: Track, { type, phase, action }: ResourceEvent, now: number): Track {
  if (NO_ADVANCE.has(action)) return track;
  const running = endStep(track, indexOf(track, "prepare"), now);
  if (type !== RELEASE) return running;
  const released = endThrough(running, indexOf(track, "credentials"), now);
  return phase === "finished" ? endThrough(released, indexOf(track, "release"), now) : released;
}

/** What a resource means for each kind of operation. */
const whileDoing = {
  create: whileCreating,
  rotate: whileRotating,
  delete: whileDeleting,
} as const satisfies Record<OperationKind, unknown>;

/** Ends the step that a milestone ends, and what comes before it: milestones may be seen late or out of order. */
function reach(track: Track, milestone: Milestone, now: number): Track {
  const index = track.steps.findIndex(({ definition: { until } }) => until !== undefined && isSame(until, milestone));
  return index === -1 ? track : endThrough(track, index, now);
}

function isSame(left: Milestone, right: Milestone): boolean {
  if (left.kind === "released" || right.kind === "released") return left.kind === right.kind;
  return left.kind === right.kind && left.component === right.component;
}

function indexOf(track: Track, key: string): number {
  return track.steps.findIndex(({ definition }) => definition.key === key);
}
