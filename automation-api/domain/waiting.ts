import type { OperationKind } from "../contract/operation.ts";

/** What is known of why a queued operation has not begun. */
export interface Waiting {
  /** The operation of the same store before it that is not over. */
  readonly before: OperationKind | null;
  /** Operations that run, and others that were asked for earlier and wait. */
  readonly running: number;
  readonly ahead: number;
  /** Operations of its organization that run, and how many may. */
  readonly own: number;
  readonly slots: number;
}

const ends: Readonly<Record<OperationKind, string>> = {
  create: "its creation is under way and ends first",
  rotate: "its secrets are being made anew, which ends first",
  delete: "its deletion is under way and ends first",
};

/** Why an operation waits whose cluster is away. */
export function waitsForCluster(cluster: string): string {
  return `The cluster "${cluster}" does not answer; this goes on by itself when it does.`;
}

/** Why an operation waits: a sentence for a person. */
export function whyItWaits({ before, running, ahead, own, slots }: Waiting): string {
  if (before !== null) return `One thing at a time is done to a store: ${ends[before]}.`;
  if (own >= slots) {
    return `Of the organization, ${own} ${own === 1 ? "operation runs" : "operations run"} at the same time, and no more may: it begins when one of them ends.`;
  }
  if (running + ahead === 0) return "It begins as soon as a worker takes it.";
  const waiting = ahead === 0 ? "" : ` and ${ahead} ${ahead === 1 ? "waits" : "wait"} before it`;
  return `It waits for a free slot: ${running} ${running === 1 ? "operation runs" : "operations run"}${waiting}.`;
}
