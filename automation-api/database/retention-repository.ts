import { sql } from "kysely";
import { type Connection, type Database, inTransaction } from "./connection.ts";

/** Rows removed at once, so that nobody waits long for them. */
const BATCH = 1000;

/** How many rows of each kind were removed. */
export interface Pruned {
  readonly operations: number;
  readonly stores: number;
  readonly findings: number;
  readonly workers: number;
}

/**
 * Removes what has been over for more than so many days: operations with their events, moves and idempotency keys, but never
 * the newest one of a store; deleted stores with all of theirs; findings; workers that nothing names any more. The audit log
 * stays whole.
 */
export async function prune(connection: Connection, days: number): Promise<Pruned> {
  const remove = async (work: (transaction: Database) => Promise<number>) => {
    let sum = 0;
    for (let removed = BATCH; removed >= BATCH; sum += removed) removed = await inTransaction(connection, work);
    return sum;
  };
  const old = sql`now() - ${days}::float8 * interval '1 day'`;
  const stores = await remove((transaction) => removeDeletedStores(transaction, old));
  const operations = await remove((transaction) =>
    count(
      transaction,
      sql`delete from operations where id in (
        select id from operations old where finished_at < ${old} and exists (
          select from operations newer where newer.store_id = old.store_id
            and (newer.queued_at, newer.id) > (old.queued_at, old.id)
        ) limit ${sql.lit(BATCH)})`,
    ),
  );
  const findings = await remove((transaction) =>
    count(
      transaction,
      sql`delete from findings where id in (select id from findings where resolved_at < ${old} limit ${sql.lit(BATCH)})`,
    ),
  );
  const workers = await remove((transaction) =>
    count(
      transaction,
      sql`delete from workers where id in (
        select id from workers where stopped_at < ${old}
          and not exists (select from operations where worker_id = workers.id)
          and not exists (select from store_leases where worker_id = workers.id)
        limit ${sql.lit(BATCH)})`,
    ),
  );
  return { operations, stores, findings, workers };
}

async function removeDeletedStores(transaction: Database, old: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from stores where deleted_at < ${old} and not exists (
      select from operations where store_id = stores.id and status in ('queued', 'running', 'interrupted')
    ) limit ${sql.lit(BATCH)} for update`.execute(transaction);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await transaction.deleteFrom("operations").where("storeId", "in", ids).execute();
  await transaction.deleteFrom("stores").where("id", "in", ids).execute();
  return rows.length;
}

async function count(transaction: Database, statement: ReturnType<typeof sql>): Promise<number> {
  const { numAffectedRows } = await statement.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}
