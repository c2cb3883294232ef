import { sql } from "kysely";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";
import type { Way } from "./sign-in-tables.ts";
import { type Membership, membershipsOfUser } from "./user-repository.ts";

// Only hashes are kept: who reads the database cannot sign in with what is there.

export interface SessionRow {
  readonly id: string;
  readonly way: Way;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly userId: string;
  readonly userName: string;
  readonly email: string | null;
  readonly administrator: boolean;
  readonly memberships: readonly Membership[];
  /** Whether it was not used in the last minute. */
  readonly unseen: boolean;
}

export async function insertSignInToken(
  database: Database,
  token: { hash: string; userId: string; expiresAt: Date },
): Promise<void> {
  await database.insertInto("signInTokens").values(token).execute();
}

/** Uses a token up and returns the id of whose it is; `undefined` when there is none, it was used, or its time is over. */
export async function useSignInToken(database: Database, hash: string): Promise<string | undefined> {
  const used = await database
    .updateTable("signInTokens")
    .set({ usedAt: sql<Date>`now()` })
    .where("hash", "=", hash)
    .where("usedAt", "is", null)
    .where("expiresAt", ">", sql<Date>`now()`)
    .returning("userId")
    .executeTakeFirst();
  return used?.userId;
}

export interface NewSession {
  readonly hash: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly agent: string | null;
  readonly way: Way;
}

export async function insertSession(database: Database, session: NewSession): Promise<void> {
  await database.insertInto("sessions").values(session).execute();
}

/** With who it is and where they belong; `undefined` when there is no such session or its time is over. */
export function findSession(database: Database, hash: string): Promise<SessionRow | undefined> {
  return database
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.userId")
    .select(["sessions.id", "sessions.way", "sessions.createdAt", "sessions.expiresAt"])
    .select(["users.id as userId", "users.name as userName", "users.email"])
    .select(["users.administrator", membershipsOfUser().as("memberships")])
    .select(sql<boolean>`sessions.seen_at < now() - interval '1 minute'`.as("unseen"))
    .where("sessions.hash", "=", hash)
    .where("sessions.expiresAt", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export async function deleteSession(database: Database, id: string): Promise<void> {
  await database.deleteFrom("sessions").where("id", "=", id).execute();
}

export async function deleteSessionBySecret(database: Database, hash: string): Promise<void> {
  await database.deleteFrom("sessions").where("hash", "=", hash).execute();
}

export async function markSessionSeen(database: Database, id: string): Promise<void> {
  await database.updateTable("sessions").set({ seenAt: sql<Date>`now()` }).where("id", "=", id).execute();
}

/** One page of where somebody is signed in, newest first. Not by when it was used: that changes from page to page. */
export function listSessions(database: Database, userId: string, page: PageOfRows) {
  const open = database
    .selectFrom("sessions")
    .select(["id", "address", "agent", "createdAt", "seenAt", "expiresAt"])
    .where("userId", "=", userId)
    .where("expiresAt", ">", sql<Date>`now()`);
  return paged(open, timeOrder("createdAt", "id", true), page).execute();
}

/** Ends one session of somebody, or all but one. Returns how many there were. */
export async function deleteSessions(
  database: Database,
  userId: string,
  which: { readonly only: string } | { readonly but: string },
): Promise<number> {
  const ended = await database
    .deleteFrom("sessions")
    .where("userId", "=", userId)
    .$if("only" in which, (query) => query.where("id", "=", "only" in which ? which.only : ""))
    .$if("but" in which, (query) => query.where("id", "<>", "but" in which ? which.but : ""))
    .executeTakeFirst();
  return Number(ended.numDeletedRows);
}

/** Removes tokens, challenges and sessions whose time is over. */
export async function removeExpiredSessions(database: Database): Promise<void> {
  await database.deleteFrom("signInTokens").where("expiresAt", "<", sql<Date>`now()`).execute();
  await database.deleteFrom("verifications").where("expiresAt", "<", sql<Date>`now()`).execute();
  await database.deleteFrom("sessions").where("expiresAt", "<", sql<Date>`now()`).execute();
}
