import type { OperationKind, OperationStatus } from "../contract/operation.ts";

// How an operation may move from one status to another. Each move takes the states it may begin in and gives the state it
// ends in, so that an illegal move is a type error; the repository writes a move only where the row still is in the state it begins in.

export interface Queued {
  readonly status: "queued";
}
export interface Running {
  readonly status: "running";
  /** The only worker that may write to it. */
  readonly workerId: string;
  /** From 1. */
  readonly attempt: number;
}
export interface Interrupted {
  readonly status: "interrupted";
  readonly attempt: number;
  readonly reason: string;
}
export interface Succeeded {
  readonly status: "succeeded";
}
export interface Failed {
  readonly status: "failed";
  /** A sentence for a person. */
  readonly reason: string;
}
export interface Cancelled {
  readonly status: "cancelled";
  readonly reason: string;
}
export type OperationState = Queued | Running | Interrupted | Succeeded | Failed | Cancelled;

/** From which statuses a status can be reached. */
export const SOURCES = {
  queued: [],
  running: ["queued", "interrupted"],
  interrupted: ["running"],
  succeeded: ["running"],
  failed: ["running"],
  cancelled: ["queued", "running", "interrupted"],
} as const satisfies Record<OperationStatus, readonly OperationStatus[]>;

/** The states from which a status can be reached. */
export type SourceOf<To extends OperationStatus> = Extract<OperationState, { status: (typeof SOURCES)[To][number] }>;

/** How an operation is stored: every field of every state. */
export interface StoredState {
  readonly status: OperationStatus;
  readonly workerId: string | null;
  readonly attempt: number;
  readonly reason: string | null;
}

/** The state of a stored operation. */
export function stateOf({ status, workerId, attempt, reason }: StoredState): OperationState {
  switch (status) {
    case "queued":
    case "succeeded":
      return { status };
    case "running":
      return { status, workerId: workerId ?? "", attempt };
    case "interrupted":
      return { status, attempt, reason: reason ?? "" };
    case "failed":
    case "cancelled":
      return { status, reason: reason ?? "" };
  }
}

/** Whether a worker may take an operation in this state. */
export function mayBegin(state: OperationState): state is SourceOf<"running"> {
  const sources: readonly OperationStatus[] = SOURCES.running;
  return sources.includes(state.status);
}

/** A worker takes the operation. */
export function begin(from: SourceOf<"running">, workerId: string): Running {
  return { status: "running", workerId, attempt: (from.status === "interrupted" ? from.attempt : 0) + 1 };
}

/** The process that worked on it is gone or stops; another one will go on. */
export function interrupt(from: SourceOf<"interrupted">, reason: string): Interrupted {
  return { status: "interrupted", attempt: from.attempt, reason };
}

export function succeed(_from: SourceOf<"succeeded">): Succeeded {
  return { status: "succeeded" };
}

export function fail(_from: SourceOf<"failed">, reason: string): Failed {
  return { status: "failed", reason };
}

export function cancel(_from: SourceOf<"cancelled">, reason: string): Cancelled {
  return { status: "cancelled", reason };
}

/** What changes a store that is there. */
const CHANGES: ReadonlySet<OperationKind> = new Set(["rotate"]);

/** Whether a newer change of the same store takes the place of an operation: of changes that wait the newest one counts. */
export function givesWay({
  kind,
  status,
}: {
  readonly kind: OperationKind;
  readonly status: OperationStatus;
}): boolean {
  return status === "queued" && CHANGES.has(kind);
}
