import type { Authentication, Finished, Visitor } from "../authentication.ts";
import type { PasskeyAnswer, WaysIn } from "../contract/sign-in.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { hasOpenInvitation } from "../database/invitation-repository.ts";
import { readSettings } from "../database/settings-repository.ts";
import type { Way } from "../database/sign-in-tables.ts";
import { findUserByEmail, nameOfUser } from "../database/user-repository.ts";
import { countAttempt, forgetAttempts } from "./limits.ts";
import { type Origin, principalOfSession } from "./principal.ts";
import { hashOf } from "./secrets.ts";

// Ways to begin a session; every one, and every failure, is written down.

/** What signing in stands on. */
export interface SignInServices {
  readonly connection: Connection;
  readonly authentication: Authentication;
}

/** What a visitor can do. */
export async function readWaysIn({ connection, authentication }: SignInServices): Promise<WaysIn> {
  const { settings } = await readSettings(connection.database);
  const title = authentication.singleSignOn?.title;
  return { signUp: settings.signUp, ...(title !== undefined && { singleSignOn: { title } }) };
}

/**
 * The secret of a new session, or `undefined`: in the same time and with the same traces whether the address or the
 * password is wrong. Throws a DomainError after too many attempts.
 */
export async function signInByPassword(
  { connection, authentication }: SignInServices,
  visitor: Visitor,
  login: { email: string; password: string },
): Promise<string | undefined> {
  await countAttempt(connection, login.email);
  const secret = await authentication.signInByPassword(visitor, login);
  const person = await findUserByEmail(connection.database, login.email);
  if (secret === undefined) {
    await recordFailure(connection, visitor, "password", person);
    return undefined;
  }
  await recordSignIn(connection, visitor, "password", secret);
  await forgetAttempts(connection, login.email);
  return secret;
}

/** The secret of a new session, or `undefined`. */
export async function signInByPasskey(
  { connection, authentication }: SignInServices,
  visitor: Visitor,
  credential: PasskeyAnswer,
): Promise<string | undefined> {
  const secret = await authentication.signInByPasskey(visitor, credential);
  if (secret === undefined) await recordFailure(connection, visitor, "passkey", undefined);
  else await recordSignIn(connection, visitor, "passkey", secret);
  return secret;
}

/** Whether somebody who signs in by single sign-on may be somebody new. */
export async function mayBeNew({ database }: Connection, invitation: string | undefined): Promise<boolean> {
  const { settings } = await readSettings(database);
  if (settings.signUp === "invitation") {
    return invitation !== undefined && (await hasOpenInvitation(database, hashOf(invitation)));
  }
  return settings.signUp === "open";
}

/** Writes down how a way over the provider of single sign-on has ended. */
export async function recordFinish(connection: Connection, visitor: Visitor, finished: Finished): Promise<void> {
  const way = "single sign-on";
  if (finished.outcome === "refused") return recordFailure(connection, visitor, way, undefined, finished.why);
  if (finished.outcome === "signed-in") {
    if (finished.isNew) await recordSignIn(connection, visitor, way, finished.secret, "sign up");
    return recordSignIn(connection, visitor, way, finished.secret);
  }
  const { userId } = finished;
  await inTransaction(connection, async (transaction) => {
    const name = await nameOfUser(transaction, userId);
    const actor = { ...whence(visitor), userId, name, via: "session" };
    await insertAuditEntry(transaction, { actor, action: "connect single sign-on", subject: name });
  });
}

async function recordSignIn(
  connection: Connection,
  visitor: Visitor,
  way: Way,
  secret: string,
  action: "sign in" | "sign up" = "sign in",
): Promise<void> {
  const principal = await principalOfSession(connection, secret);
  if (principal === undefined) throw new Error("A session has begun, but cannot be found.");
  const { userId, name } = principal;
  const actor = { ...whence(visitor), userId, name, via: way };
  await inTransaction(connection, (transaction) => insertAuditEntry(transaction, { actor, action, subject: name }));
}

async function recordFailure(
  connection: Connection,
  visitor: Visitor,
  way: Way,
  person: { id: string; name: string } | undefined,
  why?: string,
): Promise<void> {
  const actor = { ...whence(visitor), userId: undefined, name: "somebody", via: way };
  // Not what was typed: people type passwords into the wrong field.
  const subject = person?.name ?? "nobody who is known";
  const after = { ...(person && { id: person.id }), ...(why !== undefined && { reason: why }) };
  await inTransaction(connection, (transaction) =>
    insertAuditEntry(transaction, { actor, action: "sign in", subject, after, outcome: "refused" }),
  );
}

function whence({ address, agent, correlationId }: Visitor): Origin {
  return { address, agent, correlationId };
}
