import { sql } from "kysely";
import type { Scope } from "../contract/keys.ts";
import type { Role } from "../contract/people.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  /** Name of whose it is. */
  readonly user: string;
  /** Name of the organization. */
  readonly organization: string;
  readonly scopes: Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly seenAt: Date | null;
}

/** Those that can still be used. */
function keys(database: Database) {
  return database
    .selectFrom("apiKeys")
    .innerJoin("users", "users.id", "apiKeys.userId")
    .innerJoin("organizations", "organizations.id", "apiKeys.organizationId")
    .select(["apiKeys.id", "apiKeys.name", "apiKeys.hint", "users.name as user", "organizations.name as organization"])
    .select(["apiKeys.scopes", "apiKeys.createdAt", "apiKeys.expiresAt", "apiKeys.seenAt"])
    .where("apiKeys.revokedAt", "is", null)
    .where("apiKeys.expiresAt", ">", sql<Date>`now()`);
}

/** Whose keys: of a person, of an organization, or of a person in it. */
export interface KeyOwner {
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
}

function keysOf(database: Database, { userId, organizationId }: KeyOwner) {
  return keys(database)
    .$if(userId !== undefined, (query) => query.where("apiKeys.userId", "=", userId ?? ""))
    .$if(organizationId !== undefined, (query) => query.where("apiKeys.organizationId", "=", organizationId ?? ""));
}

/** One page, newest first. */
export function listKeys(database: Database, owner: KeyOwner, page: PageOfRows) {
  return paged(keysOf(database, owner), timeOrder("apiKeys.createdAt", "apiKeys.id", true), page).execute();
}

/** `undefined` when the owner has no such key, or it cannot be used any more. */
export function findKey(database: Database, owner: KeyOwner, id: string): Promise<KeyRow | undefined> {
  return keysOf(database, owner).where("apiKeys.id", "=", id).executeTakeFirst();
}

export async function insertKey(
  database: Database,
  key: {
    userId: string;
    organizationId: string;
    name: string;
    hash: string;
    hint: string;
    scopes: readonly Scope[];
    expiresAt: Date;
  },
): Promise<KeyRow> {
  const { id } = await database
    .insertInto("apiKeys")
    .values({ ...key, scopes: JSON.stringify(key.scopes) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return keys(database).where("apiKeys.id", "=", id).executeTakeFirstOrThrow();
}

/** Returns what was revoked; `undefined` when the owner has no such key, or it cannot be used any more anyway. */
export function revokeKey(
  database: Database,
  { userId, organizationId }: KeyOwner,
  id: string,
): Promise<{ name: string; organizationId: string } | undefined> {
  return database
    .updateTable("apiKeys")
    .set({ revokedAt: sql<Date>`now()` })
    .where("id", "=", id)
    .$if(userId !== undefined, (query) => query.where("userId", "=", userId ?? ""))
    .$if(organizationId !== undefined, (query) => query.where("organizationId", "=", organizationId ?? ""))
    .where("revokedAt", "is", null)
    .where("expiresAt", ">", sql<Date>`now()`)
    .returning(["name", "organizationId"])
    .executeTakeFirst();
}

export interface KeyHolder {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly userId: string;
  readonly userName: string;
  readonly organization: string;
  readonly organizationName: string;
  readonly role: Role;
  /** Whether it was not used in the last minute. */
  readonly unseen: boolean;
}

/** Who uses a key; `undefined` when there is none, its time is over, or its owner belongs to the organization no more. */
export function findKeyHolder(database: Database, hash: string): Promise<KeyHolder | undefined> {
  return database
    .selectFrom("apiKeys")
    .innerJoin("users", "users.id", "apiKeys.userId")
    .innerJoin("organizations", "organizations.id", "apiKeys.organizationId")
    .innerJoin("members", (join) =>
      join
        .onRef("members.userId", "=", "apiKeys.userId")
        .onRef("members.organizationId", "=", "apiKeys.organizationId"),
    )
    .select(["apiKeys.id", "apiKeys.name", "apiKeys.scopes", "users.id as userId", "users.name as userName"])
    .select(["organizations.id as organization", "organizations.name as organizationName", "members.role"])
    .select(sql<boolean>`coalesce(api_keys.seen_at < now() - interval '1 minute', true)`.as("unseen"))
    .where("apiKeys.hash", "=", hash)
    .where("apiKeys.revokedAt", "is", null)
    .where("apiKeys.expiresAt", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export async function markKeySeen(database: Database, id: string): Promise<void> {
  await database.updateTable("apiKeys").set({ seenAt: sql<Date>`now()` }).where("id", "=", id).execute();
}
