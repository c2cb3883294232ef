import type { Session } from "../contract/platform.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import { deleteSession, insertSession, insertSignInToken, useSignInToken } from "../database/session-repository.ts";
import type { Way } from "../database/sign-in-tables.ts";
import { localUserId, membershipsOf, nameOfUser } from "../database/user-repository.ts";
import type { Origin, Principal } from "./principal.ts";
import { hashOf, inSeconds, newSecret } from "./secrets.ts";

/** How long somebody stays signed in, and how long a sign-in token can be used. */
export const SESSION_SECONDS = 30 * 24 * 3600;
export const TOKEN_SECONDS = 3600;

/** A token that signs one person in, once, within the hour. Default: whoever sits at this machine. */
export async function createSignInToken({ database }: Pick<Connection, "database">, userId?: string): Promise<string> {
  const token = newSecret();
  await insertSignInToken(database, {
    hash: hashOf(token),
    userId: userId ?? (await localUserId(database)),
    expiresAt: inSeconds(TOKEN_SECONDS),
  });
  return token;
}

/** Uses a token up and begins a session, whose secret it gives; `undefined` when the token is unknown, used, or too old. */
export async function signIn(connection: Connection, token: string, origin: Origin): Promise<string | undefined> {
  return inTransaction(connection, async (transaction) => {
    const userId = await useSignInToken(transaction, hashOf(token));
    if (userId === undefined) return undefined;
    const secret = await beginSession(transaction, userId, "sign-in link", origin);
    const name = await nameOfUser(transaction, userId);
    const actor = { userId, name, via: "sign-in link", ...origin };
    await insertAuditEntry(transaction, { actor, action: "sign in", subject: name });
    return secret;
  });
}

/** Returns the secret that the cookie is to hold. */
export async function beginSession(database: Database, userId: string, way: Way, origin: Origin): Promise<string> {
  const secret = newSecret();
  await insertSession(database, {
    hash: hashOf(secret),
    userId,
    way,
    expiresAt: inSeconds(SESSION_SECONDS),
    address: origin.address ?? null,
    agent: origin.agent?.slice(0, 200) ?? null,
  });
  return secret;
}

/** Who somebody is, for themselves. */
export function toSession({ userId, name, administrator, memberships, via }: Principal): Session {
  return {
    user: { id: userId, name, administrator },
    organizations: memberships.map((membership) => ({ name: membership.name, role: membership.role })),
    ...(via.kind === "session" && { expiresAt: via.expiresAt.toISOString() }),
  };
}

/** Somebody as they are now, after what they have just done. */
export async function identifyAgain({ database }: Connection, principal: Principal): Promise<Principal> {
  return { ...principal, memberships: await membershipsOf(database, principal.userId) };
}

/** Ends the session that somebody was known by. */
export async function signOut({ database }: Connection, { via }: Principal): Promise<void> {
  if (via.kind === "session") await deleteSession(database, via.id);
}
