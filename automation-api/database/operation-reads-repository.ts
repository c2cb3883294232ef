import { type Selectable, sql } from "kysely";
import type { OperationKind, OperationStatus } from "../contract/operation.ts";
import { settingsSchema } from "../contract/settings.ts";
import type { Waiting } from "../domain/waiting.ts";
import type { Database } from "./connection.ts";
import { type Reach, withSome } from "./organization-repository.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";
import type { StoreListRow } from "./store-repository.ts";
import type { OperationTable } from "./tables.ts";

/** An operation with the name of its store, and what it waits for while it is queued. */
export type OperationRow = Omit<Selectable<OperationTable>, "fencing" | "traceparent"> & {
  storeName: string;
  organizationId: string;
  /** The cluster of its store, and since when that does not answer. */
  cluster: string;
  awaySince: Date | null;
  waitsFor: Waiting | null;
};

const SLOTS = settingsSchema.parse({}).slotsPerOrganization;

/**
 * Of a page with many operations that wait, the queue is looked at once: PostgreSQL answers what does not speak of the row at
 * hand one time for all rows. `offset 0` keeps it at the index of the store, whatever it believes of how many operations wait.
 */
const waitsFor = sql<Waiting | null>`case when operations.status = 'queued' then json_build_object(
  'before', (select kind from (
      select kind, status, queued_at from operations other
      where other.store_id = operations.store_id and other.id <> operations.id offset 0
    ) other
    where status in ('queued', 'running', 'interrupted') and (queued_at <= operations.queued_at or status = 'running')
    order by queued_at limit 1),
  'running', (select count(*) from operations where status = 'running'),
  'ahead', width_bucket(operations.queued_at, (
    select array_agg(queued_at order by queued_at) from operations where status in ('queued', 'interrupted'))) - 1,
  'own', coalesce((
    select jsonb_object_agg(organization_id, count) from (
      select organization_id, count(*) from operations other join stores on stores.id = other.store_id
      where other.status = 'running' group by organization_id) busy
    ) -> stores.organization_id::text, '0'),
  'slots', coalesce((select (value ->> 'slotsPerOrganization')::int from settings), ${SLOTS}::int)
) end`;

/** The home cluster has no row: whether it answers is asked when somebody wants to know. */
const awaySince = sql<Date | null>`(select away_since from clusters where clusters.name = stores.cluster)`;

const operationColumns = [
  "operations.id",
  "operations.storeId",
  "operations.kind",
  "operations.status",
  "operations.attempt",
  "operations.askedBy",
  "operations.workerId",
  "operations.queuedAt",
  "operations.startedAt",
  "operations.finishedAt",
  "operations.cancelRequestedAt",
  "operations.progress",
  "operations.reason",
  "operations.correlationId",
  "stores.name as storeName",
  "stores.organizationId",
  "stores.cluster",
] as const;

export function operationsWithStores(database: Database) {
  return database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(operationColumns)
    .select(awaySince.as("awaySince"))
    .select(waitsFor.as("waitsFor"));
}

export function findOperation(database: Database, id: string): Promise<OperationRow | undefined> {
  return operationsWithStores(database).where("operations.id", "=", id).executeTakeFirst();
}

/** An operation together with its store, living or deleted. */
export async function findOperationWithStore(
  database: Database,
  id: string,
): Promise<{ operation: OperationRow; store: StoreListRow } | undefined> {
  const row = await operationsWithStores(database)
    .select([
      "stores.cluster",
      "stores.spec",
      "stores.outputs",
      "stores.status as storeStatus",
      "stores.reason as storeReason",
    ])
    .select(["stores.createdAt", "stores.updatedAt", "stores.deletedAt"])
    .where("operations.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { spec, outputs, storeStatus, storeReason, createdAt, updatedAt, deletedAt, ...operation } = row;
  const { storeId, storeName, organizationId, cluster } = operation;
  const dates = { createdAt, updatedAt, deletedAt };
  const status = { status: storeStatus, reason: storeReason };
  const store = { id: storeId, organizationId, name: storeName, cluster, spec, outputs, ...status, ...dates };
  return { operation, store };
}

/** Operations of a store to which something will still happen, oldest first. */
export function openOperations(database: Database, storeId: string): Promise<OperationRow[]> {
  return operationsWithStores(database)
    .where("operations.storeId", "=", storeId)
    .where("operations.status", "in", ["queued", "running", "interrupted"])
    .orderBy("operations.queuedAt")
    .orderBy("operations.id")
    .execute();
}

/** The newest operation of each store, by the store's id. */
export async function newestOperations(
  database: Database,
  storeIds: readonly string[],
): Promise<ReadonlyMap<string, OperationRow>> {
  if (storeIds.length === 0) return new Map();
  const rows = await operationsWithStores(database)
    .distinctOn("operations.storeId")
    // One statement for PostgreSQL, however many there are.
    .where(sql<boolean>`operations.store_id = any(${[...storeIds]}::uuid[])`)
    .orderBy("operations.storeId")
    .orderBy("operations.queuedAt", "desc")
    .orderBy("operations.id", "desc")
    .execute();
  return new Map(rows.map((row) => [row.storeId, row]));
}

export interface OperationFilter {
  readonly reach: Reach;
  /** Only those of one store. */
  readonly storeId: string | undefined;
  readonly status: readonly OperationStatus[] | undefined;
  readonly kind: OperationKind | undefined;
  readonly descending: boolean;
}

/** One page of operations by the time of the request. */
export function listOperations(
  database: Database,
  { reach, storeId, status, kind, descending }: OperationFilter,
  page: PageOfRows,
): Promise<(OperationRow & { sortedBy: string })[]> {
  let query = operationsWithStores(database);
  if (reach !== "all") query = query.where("stores.organizationId", "in", withSome(reach));
  if (storeId !== undefined) query = query.where("operations.storeId", "=", storeId);
  if (status !== undefined) query = query.where("operations.status", "in", [...status]);
  if (kind !== undefined) query = query.where("operations.kind", "=", kind);
  return paged(query, timeOrder("operations.queuedAt", "operations.id", descending), page).execute();
}

export async function statusOfOperation(database: Database, id: string): Promise<OperationStatus | undefined> {
  const row = await database.selectFrom("operations").select("status").where("id", "=", id).executeTakeFirst();
  return row?.status;
}
