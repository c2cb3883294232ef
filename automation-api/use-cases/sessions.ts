import { createHash, randomBytes } from "node:crypto";
import type { Session } from "../contract/platform.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import {
  deleteSession,
  findSession,
  insertSession,
  insertSignInToken,
  useSignInToken,
} from "../database/session-repository.ts";

/** The one person who uses a local Storefleet. */
const USER = "owner";

/** How long somebody stays signed in, and how long a sign-in token can be used. */
export const SESSION_SECONDS = 30 * 24 * 3600;
export const TOKEN_SECONDS = 3600;

/** 256 random bits: nobody guesses them, so nothing slower than SHA-256 is needed to keep them. */
function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

/** A token that signs one person in, once, within the hour. */
export async function createSignInToken({ database }: Connection): Promise<string> {
  const token = newSecret();
  await insertSignInToken(database, { hash: hashOf(token), userName: USER, expiresAt: inSeconds(TOKEN_SECONDS) });
  return token;
}

/** Uses a token up and begins a session; `undefined` when the token is unknown, was used, or is too old. */
export async function signIn(
  connection: Connection,
  token: string,
): Promise<{ secret: string; session: Session } | undefined> {
  return inTransaction(connection, async (transaction) => {
    const userName = await useSignInToken(transaction, hashOf(token));
    if (userName === undefined) return undefined;
    const secret = newSecret();
    const expiresAt = inSeconds(SESSION_SECONDS);
    await insertSession(transaction, { hash: hashOf(secret), userName, expiresAt });
    return { secret, session: { user: { name: userName }, expiresAt: expiresAt.toISOString() } };
  });
}

/** Whose session it is; `undefined` when there is none with this secret. */
export async function findSessionOf({ database }: Connection, secret: string): Promise<Session | undefined> {
  const row = await findSession(database, hashOf(secret));
  return row && { user: { name: row.userName }, expiresAt: row.expiresAt.toISOString() };
}

/** Ends a session. */
export async function signOut({ database }: Connection, secret: string): Promise<void> {
  await deleteSession(database, hashOf(secret));
}
