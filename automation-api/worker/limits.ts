import type { OperationKind } from "../contract/operation.ts";

/** Milliseconds by kind of operation. */
export type Limits = Readonly<Record<OperationKind, number>>;

const MINUTE = 60_000;

/**
 * How long an operation may go on without a sign of life: no event of Pulumi, no news of a pod, no new step. Longer than
 * anything takes that ends by itself: Helm waits ten minutes for a release, the cluster one for a namespace to go.
 */
export const SILENCE: Limits = { create: 20 * MINUTE, rotate: 20 * MINUTE, delete: 20 * MINUTE };

/**
 * How long one attempt may take in all, whatever is heard of it. Not counted from the request or over interruptions: time in
 * which nobody worked on it is not the operation's fault.
 */
export const DEADLINES: Limits = { create: 60 * MINUTE, rotate: 60 * MINUTE, delete: 40 * MINUTE };

/** How often work on an operation may begin. One that ends whatever process works on it would do so for ever. */
export const MOST_ATTEMPTS = 20;
