/**
 * Moments between two steps of the work. What follows a moment must be made good by somebody else when the process that was
 * there dies. Written: inside of a transaction, just before it is committed.
 */
export const FAULT_POINTS = [
  "accept written",
  "accept committed",
  "queue taken",
  "lease written",
  "lease committed",
  "run command",
  "run resource begun",
  "run resource done",
  "run release begun",
  "run release done",
  "run verify",
  "run done",
  "finish written",
  "finish committed",
  "take-over ended",
  "take-over written",
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Told at every such moment, and for which operation. A test can let something die there; then it may never return. */
export type Faults = (point: FaultPoint, operation?: string) => void;

export const noFaults: Faults = () => {};
