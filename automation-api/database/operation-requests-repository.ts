import { type RawBuilder, sql } from "kysely";
import type { OperationKind, Progress } from "../contract/operation.ts";
import type { Database } from "./connection.ts";
import { addingJobs } from "./queue-repository.ts";
import { insertingStore, type NewStore } from "./store-repository.ts";

// What people ask for: operations that are queued, and operations that are to be cancelled. Everything else that happens
// to an operation is written by the worker that runs it.

export interface OperationRequest {
  readonly id: string;
  readonly storeId: string;
  readonly kind: OperationKind;
  readonly askedBy: string;
  readonly progress: Progress;
  /** First line of its events. */
  readonly text: string;
  /** Of the request; ties everything to it that comes of it. */
  readonly correlationId: string | undefined;
  /** The span of the request. Default: none. */
  readonly traceparent?: string | undefined;
}

/**
 * Queues an operation: its row, its first event, and the entry in the queue. Belongs in a transaction. The queue of a
 * store runs one after the other, in the order of the requests.
 */
export async function insertOperation(transaction: Database, request: OperationRequest): Promise<void> {
  // One statement: the others of the organization wait.
  await sql`with ${makingOperation(request)} ${addingJobs(sql`made`, sql`stores`, false)}`.execute(transaction);
}

/** Makes a store, and queues its creation as `insertOperation` does. */
export async function insertStoreWithOperation(
  transaction: Database,
  store: NewStore,
  request: OperationRequest,
): Promise<void> {
  const making = sql`begun as (${insertingStore(transaction, store)}), ${makingOperation(request)}`;
  // What a statement makes it does not see in the table yet.
  await sql`with ${making} ${addingJobs(sql`made`, sql`begun`, false)}`.execute(transaction);
}

function makingOperation(request: OperationRequest): RawBuilder<unknown> {
  const { id, storeId, kind, askedBy, text, correlationId = null, traceparent = null } = request;
  const progress = JSON.stringify(request.progress);
  // Not `now()`: that is when the transaction began, which may be before the one it waited for. The queue goes by the same
  // time, so that it agrees with us about what was asked for first.
  return sql`made as (
      insert into operations (id, store_id, kind, status, asked_by, queued_at, progress, correlation_id, traceparent)
      values (${id}, ${storeId}, ${kind}, 'queued', ${askedBy}, clock_timestamp(), ${progress}, ${correlationId},
        ${traceparent})
      returning id, store_id, status, queued_at
    ), told as (
      insert into progress_events (operation_id, sequence, at, kind, severity, text, status, progress)
      select id, 1, clock_timestamp(), 'status', 'info', ${text}, status, ${progress}::jsonb from made
    )`;
}

/**
 * Cancels an operation that no worker has begun, and takes it out of the queue. Returns false when a worker was faster.
 * Belongs in a transaction.
 */
export async function cancelQueued(transaction: Database, id: string, reason: string): Promise<boolean> {
  const now = sql<Date>`clock_timestamp()`;
  const cancelled = await transaction
    .updateTable("operations")
    .set({ status: "cancelled", cancelRequestedAt: now, finishedAt: now, reason })
    .where("id", "=", id)
    .where("status", "=", "queued")
    .returning("progress")
    .executeTakeFirst();
  if (cancelled === undefined) return false;
  await transaction
    .insertInto("progressEvents")
    .values({
      operationId: id,
      sequence: sql<number>`(select max(sequence) + 1 from progress_events where operation_id = ${id}::uuid)`,
      at: now,
      kind: "status",
      severity: "warning",
      text: reason,
      status: "cancelled",
      progress: JSON.stringify(cancelled.progress),
    })
    .execute();
  await sql`select graphile_worker.remove_job(${id})`.execute(transaction);
  await sql`select pg_notify('progress', ${id})`.execute(transaction);
  return true;
}

/** Asks the worker of an operation to cancel it. Asking again, or when it is over, changes nothing. */
export async function requestCancel(transaction: Database, id: string): Promise<void> {
  const asked = await transaction
    .updateTable("operations")
    .set({ cancelRequestedAt: sql<Date>`clock_timestamp()` })
    .where("id", "=", id)
    .where("status", "in", ["running", "interrupted"])
    .where("cancelRequestedAt", "is", null)
    .executeTakeFirst();
  if (asked.numUpdatedRows > 0n) await sql`select pg_notify('cancel', ${id})`.execute(transaction);
}
