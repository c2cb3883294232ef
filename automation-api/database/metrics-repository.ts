import { sql } from "kysely";
import type { Engine, Plan } from "../../stores/spec.ts";
import type { FindingKind } from "../contract/finding.ts";
import type { OperationKind, OperationStatus } from "../contract/operation.ts";
import type { StoreStatus } from "../contract/store.ts";
import type { Database } from "./connection.ts";
import type { WorkerMeasures } from "./tables.ts";

// What can be measured of the whole fleet. Every process that is asked tells the same.

/** How many durations of a measure are within a bound and above the one before it. */
export interface TotalRow {
  readonly kind: OperationKind;
  /** How the operations ended; `none` for take-overs. */
  readonly outcome: string;
  /** `wait`: from the request to the beginning; `work`: from there to the end; `take-over`: only counted. */
  readonly measure: "wait" | "work" | "take-over";
  /** Seconds; `Infinity` for the last one. */
  readonly bound: number;
  readonly count: number;
  /** All of these durations together. */
  readonly seconds: number;
}

/** Since the tables were made; these only grow. Bounds in order. */
export async function operationTotals(database: Database): Promise<TotalRow[]> {
  const { rows } = await sql<TotalRow>`
    select kind, outcome, measure, bound, count::float8 as count, seconds
    from operation_totals order by kind, outcome, measure, bound`.execute(database);
  return rows;
}

/** A storefront that has to answer. */
export interface Storefront {
  /** Its public address. */
  readonly url: string;
  /** Name of the store. */
  readonly store: string;
  readonly engine: Engine;
  readonly plan: Plan;
}

/** Of stores that sell, also while they are being changed, by name; not of those that are asleep, coming, going or failed. */
export async function storefronts(database: Database): Promise<Storefront[]> {
  const { rows } = await sql<Storefront>`
    select outputs ->> 'url' as url, name as store, spec ->> 'engine' as engine, spec ->> 'plan' as plan
    from stores where deleted_at is null and status in ('ready', 'updating') and outputs ->> 'url' is not null
    order by name`.execute(database);
  return rows;
}

export interface FleetNow {
  readonly operations: readonly { kind: OperationKind; status: OperationStatus; count: number; oldest: number }[];
  readonly stores: readonly { status: StoreStatus; count: number }[];
  readonly findings: readonly { kind: FindingKind; count: number }[];
  readonly leases: { readonly held: number; readonly expired: number };
  /** Who was heard of last comes last: a container that begins anew has the name of the one before. */
  readonly workers: readonly WorkerNow[];
  /** Processes of workers that have started within the last hour. */
  readonly workerStarts: number;
}

/** A worker that has not signed off. */
export interface WorkerNow {
  readonly hostname: string;
  readonly pid: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** Seconds since it was heard of. */
  readonly silentFor: number;
  /** Operations that it works on. */
  readonly operations: number;
  readonly measures: WorkerMeasures | null;
}

/** Operations that are not over (`oldest`: seconds since the oldest was asked for), living stores, findings, leases. */
export async function fleetNow(database: Database): Promise<FleetNow> {
  const operations = await sql<FleetNow["operations"][number]>`
    select kind, status, count(*)::float8 as count,
      extract(epoch from clock_timestamp() - min(queued_at))::float8 as oldest
    from operations where status in ('queued', 'running', 'interrupted') group by kind, status`.execute(database);
  const stores = await sql<FleetNow["stores"][number]>`
    select status, count(*)::float8 as count from stores where deleted_at is null group by status`.execute(database);
  const findings = await sql<FleetNow["findings"][number]>`
    select kind, count(*)::float8 as count from findings where resolved_at is null group by kind`.execute(database);
  const leases = await sql<FleetNow["leases"]>`
    select (count(*) filter (where expires_at >= clock_timestamp()))::float8 as held,
      (count(*) filter (where expires_at < clock_timestamp()))::float8 as expired
    from store_leases where worker_id is not null`.execute(database);
  const workers = await sql<WorkerNow>`
    select hostname, pid, measures, extract(epoch from started_at)::float8 as "startedAt",
      extract(epoch from clock_timestamp() - heartbeat_at)::float8 as "silentFor",
      (select count(*)::float8 from operations where worker_id = workers.id and status = 'running') as operations
    from workers where stopped_at is null order by heartbeat_at`.execute(database);
  const starts = await sql<{ count: number }>`
    select count(*)::float8 as count from workers where started_at > clock_timestamp() - interval '1 hour'`.execute(
    database,
  );
  return {
    operations: operations.rows,
    stores: stores.rows,
    findings: findings.rows,
    leases: leases.rows[0] ?? { held: 0, expired: 0 },
    workers: workers.rows,
    workerStarts: starts.rows[0]?.count ?? 0,
  };
}
