import { type Selectable, sql } from "kysely";
import type { Spec } from "../../stores/spec.ts";
import type { StoreStatus } from "../contract/store.ts";
import type { Database } from "./connection.ts";
import { type Reach, withSome } from "./organization-repository.ts";
import { type PageOfRows, paged, textOrder, timeOrder } from "./page.ts";
import type { StoreTable } from "./tables.ts";

export type StoreRow = Selectable<StoreTable>;
/** A store without what only its own page needs. */
export type StoreListRow = Omit<StoreRow, "resources" | "rotation">;

/** The index that refuses a second living store of a name; see `isTaken`. */
export const LIVING_NAME = "stores_living_name";

const listColumns = [
  "id",
  "organizationId",
  "name",
  "cluster",
  "spec",
  "status",
  "reason",
  "outputs",
  "createdAt",
  "updatedAt",
  "deletedAt",
] as const;

export interface NewStore {
  readonly id: string;
  readonly organizationId: string;
  readonly spec: Spec;
  /** Name of the one it is to run in. */
  readonly cluster: string;
}

/** A statement, or a part of one, that makes a store whose creation is about to be queued. */
export function insertingStore(database: Database, store: NewStore) {
  return database
    .insertInto("stores")
    .values({
      id: store.id,
      organizationId: store.organizationId,
      name: store.spec.name,
      cluster: store.cluster,
      spec: JSON.stringify(store.spec),
      status: "provisioning",
      reason: null,
      outputs: "{}",
      resources: "[]",
    })
    .returning(["id", "organizationId"]);
}

/** `undefined` when no living store has the name. */
export function findLivingStore(database: Database, name: string): Promise<StoreRow | undefined> {
  return database
    .selectFrom("stores")
    .selectAll()
    .where("name", "=", name)
    .where("deletedAt", "is", null)
    .executeTakeFirst();
}

/** The living store whose address is on this host name of its own; `undefined` when there is none. */
export function findStoreOfDomain(
  database: Database,
  domain: string,
): Promise<Pick<StoreRow, "name" | "organizationId"> | undefined> {
  return database
    .selectFrom("stores")
    .select(["name", "organizationId"])
    .where("deletedAt", "is", null)
    .where(sql<string>`spec ->> 'domain'`, "=", domain)
    .executeTakeFirst();
}

export async function setStoreStatus(
  database: Database,
  id: string,
  status: StoreStatus,
  reason: string | null,
): Promise<void> {
  await database
    .updateTable("stores")
    .set({ status, reason, updatedAt: sql<Date>`clock_timestamp()` })
    .where("id", "=", id)
    .execute();
}

/**
 * Lets one transaction at a time decide about a thing, such as a store or a domain, until it ends. Not a lock of the row:
 * workers write to rows while somebody decides, and would wait for each other.
 */
export async function decideAlone(database: Database, thing: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${thing}, 0))`.execute(database);
}

/** What can be sorted by. */
const orders = { name: textOrder, status: textOrder, createdAt: timeOrder } as const;
export type StoreSortField = keyof typeof orders;

export interface StoreFilter {
  readonly reach: Reach;
  /** Deleted stores are left out unless their status is named here. */
  readonly status: readonly StoreStatus[] | undefined;
  readonly engine: string | undefined;
  readonly plan: string | undefined;
  /** Part of the name or the display name, whatever the case. */
  readonly search: string | undefined;
  readonly sort: { readonly field: StoreSortField; readonly descending: boolean };
}

/** One page of stores. */
export function listStores(
  database: Database,
  filter: StoreFilter,
  page: PageOfRows,
): Promise<(StoreListRow & { sortedBy: string })[]> {
  const { field, descending } = filter.sort;
  let query = database.selectFrom("stores").select([...listColumns]);
  query =
    filter.status === undefined
      ? query.where("deletedAt", "is", null)
      : query.where("status", "in", [...filter.status]);
  if (filter.reach !== "all") query = query.where("organizationId", "in", withSome(filter.reach));
  if (filter.engine !== undefined) query = query.where(sql<string>`spec ->> 'engine'`, "=", filter.engine);
  if (filter.plan !== undefined) query = query.where(sql<string>`spec ->> 'plan'`, "=", filter.plan);
  if (filter.search !== undefined && filter.search !== "") {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, "\\$&")}%`;
    query = query.where(sql<boolean>`(name ilike ${pattern} or spec ->> 'displayName' ilike ${pattern})`);
  }
  return paged(query, orders[field](field, "id", descending), page).execute();
}
