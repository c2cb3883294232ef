import { sql } from "kysely";
import type { Settings } from "../contract/settings.ts";
import type { Database } from "./connection.ts";
import { settingsOf } from "./settings-repository.ts";

/** How much of something there was within a window of time, and what administrators allow. */
export interface Counted {
  readonly count: number;
  /** Until the window ends. */
  readonly seconds: number;
  readonly settings: Settings;
}

/** One row: the count, seconds until it begins anew, and the value of the settings. */
function counting(key: string, seconds: number) {
  return sql`
    insert into rate_limits as known (key, count, ends_at)
    values (${key}, 1, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (key) do update set
      count = case when known.ends_at <= clock_timestamp() then 1 else known.count + 1 end,
      ends_at = case when known.ends_at <= clock_timestamp() then excluded.ends_at else known.ends_at end
    returning count, greatest(1, ceil(extract(epoch from ends_at - clock_timestamp())))::int as seconds,
      (select value from settings) as settings`;
}

type CountedRow = Omit<Counted, "settings"> & { readonly settings: unknown };

/**
 * Counts one more of something within a window of time, a minute by default. In a transaction that is taken back it counts
 * for nothing, and whoever counts the same waits until the transaction ends.
 */
export async function countWithin(database: Database, key: string, seconds = 60): Promise<Counted> {
  const { rows } = await counting(key, seconds).$castTo<CountedRow>().execute(database);
  return countedOf(rows);
}

function countedOf<Row extends CountedRow>([row]: readonly Row[]): Row & Counted {
  if (row === undefined) throw new Error("What was counted is not there.");
  return { ...row, settings: settingsOf(row.settings) };
}

/** Counts from nothing again. */
export async function forgetCount(database: Database, key: string): Promise<void> {
  await database.deleteFrom("rateLimits").where("key", "=", key).execute();
}

/** Removes windows that are over. */
export async function removeOldLimits(database: Database): Promise<void> {
  await database.deleteFrom("rateLimits").where("endsAt", "<", sql<Date>`now()`).execute();
}

/**
 * Counts one more as `countWithin` does within a minute, together with the living stores of an organization, and the
 * operations of all organizations that wait or run. Nobody else counts for the organization until the transaction ends.
 */
export async function countForOrganization(
  database: Database,
  key: string,
  organization: string,
): Promise<Counted & { readonly stores: number; readonly allOperations: number }> {
  const { rows } = await sql<CountedRow & { stores: number; allOperations: number }>`
    with counted as (${counting(key, 60)})
    select counted.count, counted.seconds, counted.settings, there.stores, there.all_operations
    from counted, count_alone(${organization}) there`.execute(database);
  return countedOf(rows);
}

/** Operations of an organization that wait or run. */
export async function countOperationsOf(database: Database, organization: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from operations join stores on stores.id = operations.store_id
    where organization_id = ${organization}::uuid
      and operations.status in ('queued', 'running', 'interrupted')`.execute(database);
  return rows[0]?.count ?? 0;
}
