import { sql } from "kysely";
import type { Spec } from "../../stores/spec.ts";
import type { OperationKind, Progress } from "../contract/operation.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";
import type {
  Cancelled,
  Failed,
  Interrupted,
  OperationState,
  Running,
  SourceOf,
  Succeeded,
} from "../domain/operation.ts";
import { type Connection, type Database, inTransaction } from "./connection.ts";
import { type Lease, releaseLease, takeLease } from "./lease-repository.ts";
import { appendEvents, type NewProgressEvent } from "./progress-event-repository.ts";
import { enqueue, enqueueAgain } from "./queue-repository.ts";
import { takeTurn } from "./slot-repository.ts";
import { because } from "./transition-repository.ts";
import { isEmployed } from "./worker-repository.ts";

// What workers write about operations. Every write names the statuses it may begin in and, once an operation runs, the
// worker that holds it and the number of its lease; a write that finds no such row changes nothing and says so.

/** An operation and its store, as a worker needs them. */
export interface Work {
  readonly id: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly cancelRequested: boolean;
  /** `rotation`: how often its secrets have been made anew. `cluster`: name of the one it runs in. */
  readonly store: {
    readonly id: string;
    readonly spec: Spec;
    readonly rotation: number;
    readonly cluster: string;
  };
  /** Of the request that asked for it, and its span. */
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
}

/** An operation that a worker holds. Nobody else may write to it. */
export interface HeldWork extends Work {
  readonly state: Running;
  readonly lease: Lease;
}

const now = sql<Date>`clock_timestamp()`;

/** What is written when work begins. */
export interface Beginning {
  readonly from: SourceOf<"running"> | Running;
  readonly storeStatus: StoreStatus;
  readonly event: NewProgressEvent;
  /** For how long the lease is taken, in seconds, unless it is renewed. */
  readonly leaseSeconds: number;
}

/**
 * Takes the lease of the store and, with its number, the operation. `"busy"` when another worker holds the lease, when an
 * earlier operation of the store is not over, or when this worker was given up;
 * `undefined` when the operation is not in the state any more in which it was found; nothing is changed then. `"full"` when its
 * organization has no slot free, `"later"` when another one of it is first: its entry is back in the queue, and nothing is counted.
 */
export async function beginWork(
  connection: Connection,
  work: Work & { readonly state: Running },
  beginning: Beginning,
): Promise<HeldWork | "busy" | "full" | "later" | undefined> {
  const { from, storeStatus, event, leaseSeconds } = beginning;
  const { workerId, attempt, status } = work.state;
  return inTransaction(connection, async (transaction) => {
    await because(transaction, `Attempt ${attempt} to ${work.kind} the store begins.`);
    // The operation's row first, as every other write does, so that two of them never wait for each other.
    const found = await transaction
      .selectFrom("operations")
      .select("id")
      .where("id", "=", work.id)
      .where("status", "=", from.status)
      .$if(from.status === "running", (query) => query.where("workerId", "=", workerId))
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined) return undefined;
    if (!(await isEmployed(transaction, workerId))) return "busy";
    const turn = await takeTurn(transaction, work);
    if (turn === "behind") return "busy";
    if (turn !== "now") {
      await enqueueAgain(transaction, work.id);
      return turn;
    }
    const lease = await takeLease(transaction, work.store.id, workerId, leaseSeconds);
    if (lease === undefined) return "busy";
    await transaction
      .updateTable("operations")
      .set({ status, workerId, attempt, fencing: lease.fencing, reason: null })
      .set({ progress: JSON.stringify(event.progress) })
      .set({ startedAt: sql<Date>`coalesce(started_at, clock_timestamp())` })
      .where("id", "=", work.id)
      .execute();
    await transaction
      .updateTable("stores")
      .set({ status: storeStatus, reason: null, updatedAt: now })
      .where("id", "=", work.store.id)
      .execute();
    await appendEvents(transaction, work.id, [event]);
    connection.faults("lease written", work.id);
    return { ...work, lease };
  });
}

/** Saves lines and how far an operation is, all or nothing. Returns false when another worker holds it, or nobody. */
export function saveProgress(
  connection: Connection,
  work: HeldWork,
  progress: Progress,
  events: readonly NewProgressEvent[],
): Promise<boolean> {
  return inTransaction(connection, async (transaction) => {
    const saved = await held(transaction, work)
      .set({ progress: JSON.stringify(progress) })
      .executeTakeFirst();
    if (saved.numUpdatedRows === 0n) return false;
    await appendEvents(transaction, work.id, events);
    return true;
  });
}

/** An update of a running operation that finds no row when its worker has lost it. */
function held(transaction: Database, { id, state, lease }: HeldWork) {
  return transaction
    .updateTable("operations")
    .where("id", "=", id)
    .where("status", "=", state.status)
    .where("workerId", "=", state.workerId)
    .where("fencing", "=", lease.fencing);
}

/** What an operation leaves of its store. Fields that are left out stay as they are. */
export interface StoreOutcome {
  readonly status: StoreStatus;
  readonly reason: string | undefined;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly resources?: readonly StackResource[];
  readonly rotation?: number;
}

export interface Ending {
  readonly to: Succeeded | Failed | Cancelled;
  /** Carries the final status. */
  readonly event: NewProgressEvent;
  readonly store: StoreOutcome;
}

/** Ends an operation and says what became of its store. Returns false when another worker holds it, or nobody. */
export function endWork(connection: Connection, work: HeldWork, { to, event, store }: Ending): Promise<boolean> {
  const reason = to.status === "succeeded" ? null : to.reason;
  return inTransaction(connection, async (transaction) => {
    await because(transaction, reason ?? event.text);
    const ended = await held(transaction, work)
      .set({ status: to.status, reason, progress: JSON.stringify(event.progress), finishedAt: now })
      .executeTakeFirst();
    if (ended.numUpdatedRows === 0n) return false;
    await transaction
      .updateTable("stores")
      .set({ status: store.status, reason: store.reason ?? null, updatedAt: now })
      .$if(store.outputs !== undefined, (query) => query.set({ outputs: JSON.stringify(store.outputs) }))
      .$if(store.resources !== undefined, (query) => query.set({ resources: JSON.stringify(store.resources) }))
      .$if(store.rotation !== undefined, (query) => query.set({ rotation: store.rotation }))
      .$if(store.status === "deleted", (query) => query.set({ deletedAt: now }))
      .where("id", "=", work.store.id)
      .execute();
    await appendEvents(transaction, work.id, [event]);
    await releaseLease(transaction, work.lease);
    connection.faults("finish written", work.id);
    return true;
  });
}

/**
 * Gives an operation back before its end, to be gone on with. Its entry in the queue is made anew, at the time of the
 * request, so that it stays ahead of what was asked for later. Returns false when another worker holds it, or nobody.
 */
export function handBack(
  connection: Connection,
  work: HeldWork,
  to: Interrupted,
  event: NewProgressEvent,
): Promise<boolean> {
  return inTransaction(connection, async (transaction) => {
    const given = await held(transaction, work)
      .set({ status: to.status, reason: to.reason, progress: JSON.stringify(event.progress) })
      .executeTakeFirst();
    if (given.numUpdatedRows === 0n) return false;
    await appendEvents(transaction, work.id, [event]);
    await releaseLease(transaction, work.lease);
    await enqueue(transaction, work.id);
    return true;
  });
}
