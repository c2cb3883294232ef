import { type RawBuilder, sql } from "kysely";
import type { Role } from "../contract/people.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";

/** A person's place in an organization. */
export interface Membership {
  /** Id of the organization. */
  readonly organization: string;
  readonly name: string;
  readonly role: Role;
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly administrator: boolean;
  readonly createdAt: Date;
  /** By the name of the organization. */
  readonly memberships: readonly Membership[];
}

/** The memberships of the row of `users` at hand. */
export function membershipsOfUser(): RawBuilder<Membership[]> {
  return sql<Membership[]>`coalesce((
    select json_agg(json_build_object('organization', o.id, 'name', o.name, 'role', m.role) order by o.name)
    from members m join organizations o on o.id = m.organization_id where m.user_id = users.id), '[]'::json)`;
}

/** One page, oldest first. */
export function listUsers(database: Database, page: PageOfRows): Promise<(UserRow & { sortedBy: string })[]> {
  const all = database
    .selectFrom("users")
    .select(["id", "name", "email", "administrator", "createdAt", membershipsOfUser().as("memberships")]);
  return paged(all, timeOrder("createdAt", "id"), page).execute();
}

export async function hasUser(database: Database, id: string): Promise<boolean> {
  return (await database.selectFrom("users").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;
}

export async function membershipsOf(database: Database, userId: string): Promise<readonly Membership[]> {
  const row = await database
    .selectFrom("users")
    .select(membershipsOfUser().as("memberships"))
    .where("id", "=", userId)
    .executeTakeFirst();
  return row?.memberships ?? [];
}

export async function nameOfUser(database: Database, id: string): Promise<string> {
  return (await database.selectFrom("users").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name;
}

/** The constraint that refuses a second person of an e-mail address; see `isTaken`. */
export const USER_EMAIL = "users_email_key";

/** Returns the new person's id. Fails when the address is somebody's; see `USER_EMAIL`. */
export async function insertUser(database: Database, name: string, email?: string): Promise<string> {
  const values = { name, ...(email !== undefined && { email }) };
  const row = await database.insertInto("users").values(values).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

/** Somebody by their e-mail address, in small letters. */
export function findUserByEmail(database: Database, email: string): Promise<{ id: string; name: string } | undefined> {
  return database.selectFrom("users").select(["id", "name"]).where("email", "=", email).executeTakeFirst();
}

export async function emailOf(database: Database, id: string): Promise<string | undefined> {
  const row = await database.selectFrom("users").select("email").where("id", "=", id).executeTakeFirst();
  return row?.email ?? undefined;
}

/** Sets what is given. Fails when the address is somebody else's; see `USER_EMAIL`. */
export async function changeUser(
  database: Database,
  id: string,
  changes: { name?: string; email?: string },
): Promise<void> {
  await database.updateTable("users").set(changes).where("id", "=", id).execute();
}

/** The person who signs in by the link that this machine prints. */
export async function localUserId(database: Database): Promise<string> {
  const row = await database.selectFrom("users").select("id").where("local", "=", true).executeTakeFirstOrThrow();
  return row.id;
}
