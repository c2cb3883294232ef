import { sql } from "kysely";
import type { Database } from "./connection.ts";

// What people sign in with. better-auth reads and writes the same rows.

/** How better-auth calls passwords, and how we call the provider of single sign-on. */
const PASSWORD = "credential";
export const SINGLE_SIGN_ON = "single-sign-on";

/** Sets, or replaces, the hash of somebody's password. */
export async function setPassword(database: Database, userId: string, hash: string): Promise<void> {
  await database
    .insertInto("identities")
    .values({ userId, providerId: PASSWORD, accountId: userId, password: hash })
    .onConflict((conflict) =>
      conflict.columns(["providerId", "accountId"]).doUpdateSet({ password: hash, updatedAt: sql<Date>`now()` }),
    )
    .execute();
}

/** Hash of somebody's password; `undefined` when they have none. */
export async function passwordOf(database: Database, userId: string): Promise<string | undefined> {
  const row = await database
    .selectFrom("identities")
    .select("password")
    .where("userId", "=", userId)
    .where("providerId", "=", PASSWORD)
    .executeTakeFirst();
  return row?.password ?? undefined;
}

export async function hasSingleSignOn(database: Database, userId: string): Promise<boolean> {
  const row = await database
    .selectFrom("identities")
    .select("id")
    .where("userId", "=", userId)
    .where("providerId", "=", SINGLE_SIGN_ON)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns false when there was nothing to forget. */
export async function forgetSingleSignOn(database: Database, userId: string): Promise<boolean> {
  const forgotten = await database
    .deleteFrom("identities")
    .where("userId", "=", userId)
    .where("providerId", "=", SINGLE_SIGN_ON)
    .executeTakeFirst();
  return forgotten.numDeletedRows > 0n;
}

/** Oldest first. */
export function listPasskeys(database: Database, userId: string) {
  return database
    .selectFrom("passkeys")
    .select(["id", "name", "createdAt"])
    .where("userId", "=", userId)
    .orderBy("createdAt")
    .orderBy("id")
    .execute();
}

/** Returns what was deleted; `undefined` when somebody has no such passkey. */
export function deletePasskey(
  database: Database,
  userId: string,
  id: string,
): Promise<{ name: string | null } | undefined> {
  return database
    .deleteFrom("passkeys")
    .where("userId", "=", userId)
    .where("id", "=", id)
    .returning("name")
    .executeTakeFirst();
}

/** Signs cookies that live for minutes. */
export async function readSigningKey(database: Database): Promise<string> {
  return (await database.selectFrom("signingKey").select("value").executeTakeFirstOrThrow()).value;
}
