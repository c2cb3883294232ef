import { sql } from "kysely";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, textOrder } from "./page.ts";

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly createdAt: Date;
  /** Stores that are not deleted. */
  readonly stores: number;
  readonly members: number;
}

/** Which organizations may be looked at: all, or those with these ids. */
export type Reach = "all" | readonly string[];

/** The constraint that refuses a second organization of a name; see `isTaken`. */
export const ORGANIZATION_NAME = "organizations_name_key";

function organizations(database: Database) {
  return database
    .selectFrom("organizations")
    .select(["organizations.id", "organizations.name", "organizations.displayName", "organizations.createdAt"])
    .select([
      sql<number>`(select count(*)::int from stores
        where stores.organization_id = organizations.id and stores.deleted_at is null)`.as("stores"),
      sql<number>`(select count(*)::int from members where members.organization_id = organizations.id)`.as("members"),
    ]);
}

/** One page, by name. */
export function listOrganizations(database: Database, reach: Reach, page: PageOfRows) {
  const within = organizations(database).$if(reach !== "all", (query) =>
    query.where("organizations.id", "in", withSome(reach)),
  );
  return paged(within, textOrder("organizations.name", "organizations.id"), page).execute();
}

export function findOrganization(database: Database, id: string): Promise<OrganizationRow | undefined> {
  return organizations(database).where("organizations.id", "=", id).executeTakeFirst();
}

export async function findOrganizationId(database: Database, name: string): Promise<string | undefined> {
  const row = await database.selectFrom("organizations").select("id").where("name", "=", name).executeTakeFirst();
  return row?.id;
}

/** Returns its id. Fails when the name is taken; see `ORGANIZATION_NAME`. */
export async function insertOrganization(
  database: Database,
  organization: { name: string; displayName: string },
): Promise<string> {
  const row = await database.insertInto("organizations").values(organization).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

export async function renameOrganization(database: Database, id: string, displayName: string): Promise<void> {
  await database.updateTable("organizations").set({ displayName }).where("id", "=", id).execute();
}

/** Returns false when there has ever been a store in it: what happened in stores is kept. */
export async function deleteOrganization(database: Database, id: string): Promise<boolean> {
  const removed = await database
    .deleteFrom("organizations")
    .where("id", "=", id)
    .where(sql<boolean>`not exists (select from stores where organization_id = ${id}::uuid)`)
    .executeTakeFirst();
  return removed.numDeletedRows > 0n;
}

/**
 * The organization of the living store of this name, or else of the one that was deleted last: a request that is sent
 * again when the store is gone is answered as before.
 */
export async function organizationOfStore(database: Database, name: string): Promise<string | undefined> {
  const row = await database
    .selectFrom("stores")
    .select("organizationId")
    .where("name", "=", name)
    .orderBy(sql`deleted_at desc nulls first`)
    .limit(1)
    .executeTakeFirst();
  return row?.organizationId;
}

export async function organizationOfOperation(database: Database, id: string): Promise<string | undefined> {
  const row = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select("stores.organizationId")
    .where("operations.id", "=", id)
    .executeTakeFirst();
  return row?.organizationId;
}

export function isWithin(reach: Reach, organization: string): boolean {
  return reach === "all" || reach.includes(organization);
}

/** The organization of something new: whoever may make it may do so in exactly one. */
export function onlyOne(reach: Reach): string {
  const [organization] = reach;
  if (reach === "all" || organization === undefined) throw new Error("What is new belongs to one organization.");
  return organization;
}

/** For `in`: PostgreSQL refuses an empty list, and no organization has this id. */
export function withSome(reach: Reach): readonly string[] {
  return reach === "all" || reach.length === 0 ? ["00000000-0000-0000-0000-000000000000"] : reach;
}
