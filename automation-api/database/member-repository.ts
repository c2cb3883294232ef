import { sql } from "kysely";
import type { Role } from "../contract/people.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";

export interface MemberRow {
  /** Id of the person. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly since: Date;
}

function members(database: Database, organizationId: string) {
  return database
    .selectFrom("members")
    .innerJoin("users", "users.id", "members.userId")
    .select(["users.id", "users.name", "members.role", "members.createdAt as since"])
    .where("members.organizationId", "=", organizationId);
}

/** One page; those who have been in it for longest first. */
export function listMembers(database: Database, organizationId: string, page: PageOfRows) {
  return paged(members(database, organizationId), timeOrder("members.createdAt", "users.id"), page).execute();
}

export function findMember(database: Database, organizationId: string, userId: string): Promise<MemberRow | undefined> {
  return members(database, organizationId).where("users.id", "=", userId).executeTakeFirst();
}

/** Whoever is in it already keeps the role they have. */
export async function addMember(
  database: Database,
  member: { organizationId: string; userId: string; role: Role },
): Promise<void> {
  await database
    .insertInto("members")
    .values(member)
    .onConflict((conflict) => conflict.columns(["organizationId", "userId"]).doNothing())
    .execute();
}

export async function setRole(database: Database, organizationId: string, userId: string, role: Role): Promise<void> {
  await database
    .updateTable("members")
    .set({ role })
    .where("organizationId", "=", organizationId)
    .where("userId", "=", userId)
    .execute();
}

export async function removeMember(database: Database, organizationId: string, userId: string): Promise<void> {
  await database
    .deleteFrom("members")
    .where("organizationId", "=", organizationId)
    .where("userId", "=", userId)
    .execute();
}

export async function countOwners(database: Database, organizationId: string): Promise<number> {
  const row = await database
    .selectFrom("members")
    .select(sql<number>`count(*)::int`.as("count"))
    .where("organizationId", "=", organizationId)
    .where("role", "=", "owner")
    .executeTakeFirstOrThrow();
  return row.count;
}
