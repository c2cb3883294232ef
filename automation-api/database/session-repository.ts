import { sql } from "kysely";
import type { Database } from "./connection.ts";

// Only hashes are kept: who reads the database cannot sign in with what is there.

export interface SessionRow {
  readonly userName: string;
  readonly expiresAt: Date;
}

export async function insertSignInToken(
  database: Database,
  token: { hash: string; userName: string; expiresAt: Date },
): Promise<void> {
  await database.insertInto("signInTokens").values(token).execute();
}

/** Uses a token up and returns whose it is; `undefined` when there is none, it was used, or its time is over. */
export async function useSignInToken(database: Database, hash: string): Promise<string | undefined> {
  const used = await database
    .updateTable("signInTokens")
    .set({ usedAt: sql<Date>`now()` })
    .where("hash", "=", hash)
    .where("usedAt", "is", null)
    .where("expiresAt", ">", sql<Date>`now()`)
    .returning("userName")
    .executeTakeFirst();
  return used?.userName;
}

export async function insertSession(
  database: Database,
  session: { hash: string; userName: string; expiresAt: Date },
): Promise<void> {
  await database.insertInto("sessions").values(session).execute();
}

/** `undefined` when there is no such session or its time is over. */
export function findSession(database: Database, hash: string): Promise<SessionRow | undefined> {
  return database
    .selectFrom("sessions")
    .select(["userName", "expiresAt"])
    .where("hash", "=", hash)
    .where("expiresAt", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export async function deleteSession(database: Database, hash: string): Promise<void> {
  await database.deleteFrom("sessions").where("hash", "=", hash).execute();
}

/** Removes tokens and sessions whose time is over. */
export async function removeExpiredSessions(database: Database): Promise<void> {
  await database.deleteFrom("signInTokens").where("expiresAt", "<", sql<Date>`now()`).execute();
  await database.deleteFrom("sessions").where("expiresAt", "<", sql<Date>`now()`).execute();
}
