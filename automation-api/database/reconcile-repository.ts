import { sql } from "kysely";
import type { StoreRecord } from "../domain/reconcile.ts";
import { type Connection, type Database, inTransaction, keepAwake } from "./connection.ts";

/** A living store as a comparison needs it. */
export interface ComparedStore extends StoreRecord {
  /** Changes with every change of the store. */
  readonly version: string;
  /** Name of the one it runs in. */
  readonly cluster: string;
}

export async function comparedStores(database: Database): Promise<ComparedStore[]> {
  const rows = await database
    .selectFrom("stores")
    .select(["name", "status", "resources", "cluster"])
    .select(sql<string>`id || ' ' || updated_at`.as("version"))
    .select(
      sql<boolean>`exists (select from operations where store_id = stores.id
        and status in ('queued', 'running', 'interrupted'))`.as("isBusy"),
    )
    .where("deletedAt", "is", null)
    .execute();
  return rows;
}

/** A store that was. */
export interface DeletedStore {
  readonly id: string;
  /** Name of the one it ran in. */
  readonly cluster: string;
}

/** Names of stores deleted more than so many seconds ago that no living store has, each with the last one. */
export async function deletedNames(database: Database, seconds: number): Promise<ReadonlyMap<string, DeletedStore>> {
  const { rows } = await sql<DeletedStore & { name: string }>`
    select distinct on (name) name, id, cluster from stores gone
    where deleted_at is not null
      and not exists (select from stores other where other.name = gone.name
        and (other.deleted_at is null or other.deleted_at > now() - ${seconds}::float8 * interval '1 second'))
    order by name, deleted_at desc`.execute(database);
  return new Map(rows.map(({ name, ...store }) => [name, store]));
}

/** Does `work` unless another process is just doing the same. */
export async function unlessDoneElsewhere(
  connection: Connection,
  thing: string,
  work: () => Promise<void>,
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${thing}, 1)) as mine`.execute(transaction);
    // Pulumi and the cluster are asked, and each may take its time.
    if (rows[0]?.mine === true) await keepAwake(transaction, work);
  });
}
