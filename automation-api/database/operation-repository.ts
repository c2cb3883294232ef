import { sql } from "kysely";
import type { Engine, Plan, Spec } from "../../stores/spec.ts";
import type { OperationKind, OperationStatus, Progress } from "../contract/operation.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";
import { SOURCES } from "../domain/operation.ts";
import { type Connection, type Database, inTransaction } from "./connection.ts";
import { appendEvents, type NewProgressEvent } from "./progress-event-repository.ts";

// What workers write about operations. Every write names the statuses it may begin in and, once an operation runs, the
// worker that holds it; a write that finds no such row changes nothing and says so.

/** An operation and its store, as a worker needs them. */
export interface Work {
  readonly id: string;
  readonly kind: OperationKind;
  readonly status: OperationStatus;
  readonly attempt: number;
  readonly workerId: string | null;
  readonly cancelRequested: boolean;
  readonly store: { readonly id: string; readonly spec: Spec };
}

/** Who may write to a running operation. */
export interface Holder {
  readonly id: string;
  readonly workerId: string;
}

const now = sql<Date>`clock_timestamp()`;

export async function findWork(database: Database, id: string): Promise<Work | undefined> {
  const row = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(["operations.id", "operations.kind", "operations.status", "operations.attempt", "operations.workerId"])
    .select(["operations.cancelRequestedAt", "operations.storeId", "stores.spec"])
    .where("operations.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { cancelRequestedAt, storeId, spec, ...work } = row;
  return { ...work, cancelRequested: cancelRequestedAt !== null, store: { id: storeId, spec } };
}

export interface Beginning extends Holder {
  readonly attempt: number;
  readonly store: { readonly id: string; readonly status: StoreStatus };
  readonly event: NewProgressEvent;
}

/** Takes an operation. Returns false when it is not there to be taken any more. */
export function beginWork(connection: Connection, beginning: Beginning): Promise<boolean> {
  const { id, workerId, attempt, store, event } = beginning;
  return inTransaction(connection, async (transaction) => {
    const taken = await transaction
      .updateTable("operations")
      .set({ status: "running", workerId, attempt, reason: null, progress: JSON.stringify(event.progress) })
      .set({ startedAt: sql<Date>`coalesce(started_at, clock_timestamp())` })
      .where("id", "=", id)
      .where((is) =>
        is.or([
          is("status", "in", [...SOURCES.running]),
          // An attempt of our own that ended in an error of our own.
          is.and([is("status", "=", "running"), is("workerId", "=", workerId)]),
        ]),
      )
      .executeTakeFirst();
    if (taken.numUpdatedRows === 0n) return false;
    await transaction
      .updateTable("stores")
      .set({ status: store.status, reason: null, updatedAt: now })
      .where("id", "=", store.id)
      .execute();
    await appendEvents(transaction, id, [event]);
    return true;
  });
}

/** Saves lines and how far an operation is, all or nothing. Returns false when another worker holds it, or nobody. */
export function saveProgress(
  connection: Connection,
  { id, workerId }: Holder,
  progress: Progress,
  events: readonly NewProgressEvent[],
): Promise<boolean> {
  return inTransaction(connection, async (transaction) => {
    const saved = await transaction
      .updateTable("operations")
      .set({ progress: JSON.stringify(progress) })
      .where("id", "=", id)
      .where("workerId", "=", workerId)
      .where("status", "=", "running")
      .executeTakeFirst();
    if (saved.numUpdatedRows === 0n) return false;
    await appendEvents(transaction, id, events);
    return true;
  });
}

/** What an operation leaves of its store. Fields that are left out stay as they are. */
export interface StoreOutcome {
  readonly id: string;
  readonly status: StoreStatus;
  readonly reason: string | undefined;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly resources?: readonly StackResource[];
}

export interface Ending {
  readonly status: "succeeded" | "failed" | "cancelled";
  readonly reason: string | undefined;
  /** Carries the final status. */
  readonly event: NewProgressEvent;
  readonly store: StoreOutcome;
}

/** Ends an operation and says what became of its store. Returns false when another worker holds it, or nobody. */
export function endWork(connection: Connection, { id, workerId }: Holder, ending: Ending): Promise<boolean> {
  const { status, reason, event, store } = ending;
  return inTransaction(connection, async (transaction) => {
    const ended = await transaction
      .updateTable("operations")
      .set({ status, reason: reason ?? null, progress: JSON.stringify(event.progress), finishedAt: now })
      .where("id", "=", id)
      .where("workerId", "=", workerId)
      .where("status", "=", "running")
      .executeTakeFirst();
    if (ended.numUpdatedRows === 0n) return false;
    await transaction
      .updateTable("stores")
      .set({ status: store.status, reason: store.reason ?? null, updatedAt: now })
      .$if(store.outputs !== undefined, (query) => query.set({ outputs: JSON.stringify(store.outputs) }))
      .$if(store.resources !== undefined, (query) => query.set({ resources: JSON.stringify(store.resources) }))
      .$if(store.status === "deleted", (query) => query.set({ deletedAt: now }))
      .where("id", "=", store.id)
      .execute();
    await appendEvents(transaction, id, [event]);
    return true;
  });
}

/**
 * Gives an operation back before its end, to be gone on with. Its entry in the queue is made anew, at the time of the
 * request, so that it stays ahead of what was asked for later. Returns false when another worker holds it, or nobody.
 */
export function handBack(connection: Connection, { id, workerId }: Holder, event: NewProgressEvent): Promise<boolean> {
  return inTransaction(connection, async (transaction) => {
    const given = await transaction
      .updateTable("operations")
      .set({ status: "interrupted", reason: event.text, progress: JSON.stringify(event.progress) })
      .where("id", "=", id)
      .where("workerId", "=", workerId)
      .where("status", "=", "running")
      .returning(["storeId", "queuedAt"])
      .executeTakeFirst();
    if (given === undefined) return false;
    await appendEvents(transaction, id, [event]);
    await sql`select graphile_worker.add_job(
      'operation',
      payload := json_build_object('operationId', ${id}::text),
      queue_name := ${`store-${given.storeId}`},
      job_key := ${id},
      max_attempts := 100,
      run_at := ${given.queuedAt}
    )`.execute(transaction);
    return true;
  });
}

/** Those among running operations that somebody has asked to cancel. */
export async function cancelRequests(database: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await database
    .selectFrom("operations")
    .select("id")
    .where("id", "in", [...ids])
    .where("cancelRequestedAt", "is not", null)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many earlier operations tell how long steps take. */
const EARLIER = 20;

/** Progress of the newest operations of a kind that succeeded at once, on stores of an engine and a plan. */
export async function earlierProgress(
  database: Database,
  like: { kind: OperationKind; engine: Engine; plan: Plan },
): Promise<Progress[]> {
  const rows = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select("operations.progress")
    .where("operations.kind", "=", like.kind)
    .where("operations.status", "=", "succeeded")
    .where("operations.attempt", "=", 1)
    .where(sql`stores.spec ->> 'engine'`, "=", like.engine)
    .where(sql`stores.spec ->> 'plan'`, "=", like.plan)
    .orderBy("operations.queuedAt", "desc")
    .limit(EARLIER)
    .execute();
  return rows.map(({ progress }) => progress);
}
