import { sql } from "kysely";
import type { StoreStatus } from "../contract/store.ts";
import type { Database } from "./connection.ts";

// How the platform has been doing over time. Points are the same for each query of one series, numbered from 0.

/** Points of time, each `step` seconds long, that end with the one in which it is now. */
export interface Series {
  readonly step: number;
  readonly count: number;
  /** When the first one begins. */
  readonly from: Date;
}

/** `number` of a point, when it begins, and when it ends, which is now for the last one. */
function points({ step, count, from }: Series) {
  return sql`(
    select number, begins, least(begins + ${step}::float8 * interval '1 second', clock_timestamp()) as ends
    from generate_series(0, ${count}::int - 1) number,
      lateral (select ${from}::timestamptz + number * ${step}::float8 * interval '1 second' as begins) beginning
  ) points`;
}

export interface EndedRow {
  readonly number: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Seconds from the beginning to the end; `null` when none of them had begun. */
  readonly median: number | null;
  /** What nineteen of twenty did not take. */
  readonly slowest: number | null;
}

/** How operations ended in the time of each point. */
export async function endedOperations(database: Database, series: Series): Promise<EndedRow[]> {
  const taken = sql`extract(epoch from finished_at - started_at)::float8`;
  const { rows } = await sql<EndedRow>`
    select number,
      (count(*) filter (where status = 'succeeded'))::int as succeeded,
      (count(*) filter (where status = 'failed'))::int as failed,
      (count(*) filter (where status = 'cancelled'))::int as cancelled,
      percentile_cont(0.5) within group (order by ${taken}) as median,
      percentile_cont(0.95) within group (order by ${taken}) as slowest
    from ${points(series)} left join operations on finished_at >= begins and finished_at < ends
    group by number order by number`.execute(database);
  return rows;
}

export interface QueueRow {
  readonly number: number;
  readonly length: number;
  /** Seconds since the oldest was asked for; 0 when none waited. */
  readonly oldest: number;
}

/** What waited for its beginning at the end of each point. */
export async function waitingOperations(database: Database, series: Series): Promise<QueueRow[]> {
  const { rows } = await sql<QueueRow>`
    with waits as materialized (
      select queued_at, coalesce(started_at, finished_at, 'infinity') as until from operations
      where status in ('queued', 'running', 'interrupted') or finished_at >= ${series.from}
    )
    select number, count(queued_at)::int as length,
      coalesce(max(extract(epoch from ends - queued_at)), 0)::float8 as oldest
    from ${points(series)} left join waits on queued_at <= ends and until > ends
    group by number order by number`.execute(database);
  return rows;
}

/** How many workers there were at the end of each point; one that is silent for a minute has gone. */
export async function workersOverTime(
  database: Database,
  series: Series,
): Promise<{ readonly number: number; readonly workers: number }[]> {
  const { rows } = await sql<{ number: number; workers: number }>`
    select number, count(started_at)::int as workers
    from ${points(series)} left join workers on started_at <= ends
      and coalesce(stopped_at, heartbeat_at + interval '1 minute') > ends
    group by number order by number`.execute(database);
  return rows;
}

/** By how many more a status had after the end of a point than at that end: going back from today gives what was then. */
export interface MovesRow {
  readonly number: number;
  readonly status: StoreStatus;
  readonly more: number;
}

export async function storeMovesAfter(database: Database, series: Series): Promise<MovesRow[]> {
  const { rows } = await sql<MovesRow>`
    with moves as materialized (
      select at, to_status as status, 1 as more from transitions
      where operation_id is null and at >= ${series.from}
      union all
      select at, from_status, -1 from transitions
      where operation_id is null and at >= ${series.from} and from_status is not null
    )
    select number, status, sum(more)::int as more from ${points(series)} join moves on at > ends
    group by number, status`.execute(database);
  return rows;
}

/** The database's clock: what it has written is compared with it. */
export async function timeOf(database: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database);
  return rows[0]?.now ?? new Date();
}
