import type { OperationKind } from "../contract/operation.ts";

/** Milliseconds by kind of operation. */
export type SilenceLimits = Readonly<Record<OperationKind, number>>;

const MINUTE = 60_000;

/**
 * How long an operation may go on without a sign of life: no event of Pulumi, no news of a pod, no new step. Longer than
 * anything takes that ends by itself: Helm waits ten minutes for a release, the cluster one for a namespace to go.
 */
export const SILENCE: SilenceLimits = { create: 20 * MINUTE, delete: 20 * MINUTE };
