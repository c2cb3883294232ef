import { sql } from "kysely";
import { stoppedProgress } from "../domain/progress.ts";
import { type Connection, type Database, inTransaction, keepAwake } from "./connection.ts";
import { renewLeases, revokeLeases } from "./lease-repository.ts";
import { appendEvents } from "./progress-event-repository.ts";
import { enqueue } from "./queue-repository.ts";
import type { WorkerMeasures } from "./tables.ts";

/** A process that takes operations, told apart from a later one with the same number. */
export interface WorkerIdentity {
  readonly id: string;
  readonly hostname: string;
  readonly pid: number;
  readonly processStart: string;
}

/** A worker that has not said goodbye. */
export interface KnownWorker extends WorkerIdentity {
  /** Seconds since it was last heard of. */
  readonly silentFor: number;
}

const now = sql<Date>`clock_timestamp()`;

export async function registerWorker(database: Database, worker: WorkerIdentity): Promise<void> {
  await database
    .insertInto("workers")
    .values({ ...worker, lockedAs: null })
    .execute();
}

/** Writes down under which name the worker locks entries of the queue; call it before it takes the first one. */
export async function nameLocks(database: Database, id: string, lockedAs: string): Promise<void> {
  await database.updateTable("workers").set({ lockedAs }).where("id", "=", id).execute();
}

/**
 * Says that the worker lives, and prolongs what it holds. Returns false when others have given it up: what it held is theirs.
 */
export function beat(
  connection: Connection,
  id: string,
  leaseSeconds: number,
  measures: WorkerMeasures,
): Promise<boolean> {
  return inTransaction(connection, async (transaction) => {
    const beaten = await transaction
      .updateTable("workers")
      .set({ heartbeatAt: now, measures: JSON.stringify(measures) })
      .where("id", "=", id)
      .where("stoppedAt", "is", null)
      .executeTakeFirst();
    if (beaten.numUpdatedRows === 0n) return false;
    await renewLeases(transaction, id, leaseSeconds);
    return true;
  });
}

/**
 * Whether a worker may begin something: it has neither signed off nor been given up. Until the transaction ends, nobody takes
 * over from it; while somebody does, this waits.
 */
export async function isEmployed(transaction: Database, id: string): Promise<boolean> {
  const found = await transaction
    .selectFrom("workers")
    .select("id")
    .where("id", "=", id)
    .where("stoppedAt", "is", null)
    .forKeyShare()
    .executeTakeFirst();
  return found !== undefined;
}

export async function signOff(database: Database, id: string): Promise<void> {
  await database.updateTable("workers").set({ stoppedAt: now }).where("id", "=", id).execute();
}

/**
 * Signed off or given up, and nothing is left in its name. A worker can die while the database still carries out its last
 * wish: an operation that it began just when it was given up is in its name afterwards.
 */
const isSettled = sql<boolean>`stopped_at is not null and not exists (
  select from operations where operations.worker_id = workers.id and operations.status = 'running')`;

/** Every worker but one that is not settled. */
export function otherWorkers(database: Database, but: string): Promise<KnownWorker[]> {
  return database
    .selectFrom("workers")
    .select(["id", "hostname", "pid", "processStart"])
    .select(sql<number>`extract(epoch from clock_timestamp() - heartbeat_at)::float8`.as("silentFor"))
    .where(sql<boolean>`not (${isSettled})`)
    .where("id", "<>", but)
    .execute();
}

/**
 * Takes over from a worker that is dead: its operations become interrupted and their entries in the queue are free again.
 * Before that, `endRuns` ends what it left running; when that fails, nothing changes. Returns the operations, or
 * `undefined` when somebody else is just doing the same, or has done it: by then a new run may be under way.
 */
export function takeOver(
  connection: Connection,
  id: string,
  reason: string,
  endRuns: (operations: readonly string[]) => Promise<void>,
): Promise<readonly string[] | undefined> {
  return inTransaction(connection, async (transaction) => {
    const dead = await transaction
      .selectFrom("workers")
      .select("lockedAs")
      .where("id", "=", id)
      .where(sql<boolean>`not (${isSettled})`)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (dead === undefined) return undefined;
    const held = await heldBy(transaction, id);
    // Before the runs are ended, so that a worker that wakes up in between starts no other.
    await revokeLeases(transaction, id);
    await keepAwake(transaction, () => endRuns(held));
    connection.faults("take-over ended");
    for (const operation of held) await interrupt(transaction, operation, id, reason);
    await sql`select graphile_worker.force_unlock_workers(array[${dead.lockedAs ?? ""}]::text[])`.execute(transaction);
    // Anew: the queue counts the tries of an entry, and lets it wait the longer the more there were.
    for (const operation of held) await enqueue(transaction, operation);
    // Freeing entries announces nothing by itself. More than any worker has slots: all of them look.
    await sql`select pg_notify('jobs:insert', '{"count":1000}')`.execute(transaction);
    await signOff(transaction, id);
    connection.faults("take-over written");
    return held;
  });
}

async function heldBy(transaction: Database, workerId: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom("operations")
    .select("id")
    .where("workerId", "=", workerId)
    .where("status", "=", "running")
    .orderBy("id")
    // Whoever writes to an operation locks it before the lease, so we do, too.
    .forUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

async function interrupt(transaction: Database, id: string, workerId: string, reason: string): Promise<void> {
  const row = await transaction
    .selectFrom("operations")
    .select("progress")
    .where("id", "=", id)
    .where("workerId", "=", workerId)
    .where("status", "=", "running")
    .executeTakeFirst();
  if (row === undefined) return;
  const progress = stoppedProgress(row.progress, "pending");
  await transaction
    .updateTable("operations")
    .set({ status: "interrupted", reason, progress: JSON.stringify(progress) })
    .where("id", "=", id)
    .execute();
  const event = { at: new Date(), kind: "status", severity: "warning", text: reason, status: "interrupted" } as const;
  await appendEvents(transaction, id, [{ ...event, progress }]);
}
