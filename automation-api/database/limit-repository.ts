import { sql } from "kysely";
import type { Database } from "./connection.ts";

/**
 * Counts one more of something within a window of time, a minute by default. Returns 0, or the seconds until it may be tried again when
 * there were more than `most`. In a transaction that is taken back it counts for nothing, and whoever counts the same
 * waits until the transaction ends.
 */
export async function countWithin(database: Database, key: string, most: number, seconds = 60): Promise<number> {
  const { rows } = await sql<{ count: number; seconds: number }>`
    insert into rate_limits as known (key, count, ends_at)
    values (${key}, 1, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (key) do update set
      count = case when known.ends_at <= clock_timestamp() then 1 else known.count + 1 end,
      ends_at = case when known.ends_at <= clock_timestamp() then excluded.ends_at else known.ends_at end
    returning count, ceil(extract(epoch from ends_at - clock_timestamp()))::int as seconds`.execute(database);
  const [row] = rows;
  return row === undefined || row.count <= most ? 0 : Math.max(1, row.seconds);
}

/** Counts from nothing again. */
export async function forgetCount(database: Database, key: string): Promise<void> {
  await database.deleteFrom("rateLimits").where("key", "=", key).execute();
}

/** Removes windows that are over. */
export async function removeOldLimits(database: Database): Promise<void> {
  await database.deleteFrom("rateLimits").where("endsAt", "<", sql<Date>`now()`).execute();
}

/** Living stores of an organization, and its operations that wait or run. */
export async function usageOf(
  database: Database,
  organization: string,
): Promise<{ stores: number; operations: number }> {
  const { rows } = await sql<{ stores: number; operations: number }>`
    select
      (select count(*)::int from stores
        where organization_id = ${organization}::uuid and deleted_at is null) as stores,
      (select count(*)::int from operations join stores on stores.id = operations.store_id
        where organization_id = ${organization}::uuid
        and operations.status in ('queued', 'running', 'interrupted')) as operations`.execute(database);
  return rows[0] ?? { stores: 0, operations: 0 };
}
