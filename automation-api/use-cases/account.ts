import type { Account } from "../contract/sign-in.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction, isTaken } from "../database/connection.ts";
import { hasSingleSignOn, listPasskeys, passwordOf, setPassword } from "../database/identity-repository.ts";
import { deleteSessions } from "../database/session-repository.ts";
import { decideAlone } from "../database/store-repository.ts";
import { changeUser, emailOf, nameOfUser, USER_EMAIL } from "../database/user-repository.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import { countAttempt, forgetAttempts } from "./limits.ts";
import type { Actor, Principal } from "./principal.ts";
import type { SignInServices } from "./sign-in.ts";
import { refuseStale, versionOfAccount } from "./versions.ts";

// What somebody changes about themselves and how they sign in.

/** Who asks, by a session of their own. */
export interface Oneself {
  readonly principal: Principal;
  readonly actor: Actor;
}

/** For so many seconds a sign-in link, which an administrator gave, stands in for a password that was forgotten. */
const LINK_SECONDS = 3600;
/** After so many seconds whoever sits at the browser has to sign in again before they change how they sign in. */
const FRESH_SECONDS = 24 * 3600;
const WHAT = "your account";

export async function readAccount(
  { database }: Connection,
  { principal }: Pick<Oneself, "principal">,
): Promise<Account> {
  const { userId, name } = principal;
  const email = await emailOf(database, userId);
  const hash = await passwordOf(database, userId);
  const passkeys = await listPasskeys(database, userId);
  return {
    name,
    ...(email !== undefined && { email }),
    hasPassword: hash !== undefined,
    asksForPassword: hash !== undefined && !cameByLink(principal),
    passkeys: passkeys.map(({ id, name: called, createdAt }) => ({
      id,
      name: called ?? "passkey",
      createdAt: createdAt.toISOString(),
    })),
    singleSignOn: await hasSingleSignOn(database, userId),
  };
}

/** What to change of an account; what is left out stays. */
interface AccountChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly currentPassword?: string | undefined;
  /** The version that was seen; left out: whatever it is. */
  readonly seen?: string | undefined;
}

/**
 * Throws a DomainError when the address is somebody else's, when it is not proved who asks, or when the account is of another
 * version by now than was seen.
 */
export async function changeAccount(
  services: SignInServices,
  oneself: Oneself,
  { name, email, currentPassword, seen }: AccountChange,
): Promise<Account> {
  const { connection } = services;
  const { principal, actor } = oneself;
  const before = await readAccount(connection, oneself);
  refuseStale(WHAT, versionOfAccount(before), seen);
  if (email !== undefined && email !== before.email) await prove(services, oneself, currentPassword);
  const changes = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
  if (name === undefined && email === undefined) return before;
  try {
    await inTransaction(connection, async (transaction) => {
      const old = await takePerson(transaction, principal.userId);
      refuseStale(WHAT, versionOfAccount(old), seen);
      await changeUser(transaction, principal.userId, changes);
      const entry = { actor, action: "change account", subject: principal.name, after: changes } as const;
      await insertAuditEntry(transaction, { ...entry, before: old });
    });
  } catch (error) {
    if (!isTaken(error, USER_EMAIL)) throw error;
    throw invalidField("email", "This address cannot be used; choose another one.");
  }
  return { ...before, ...changes };
}

/** Name and address as they are until the end of the transaction. */
async function takePerson(transaction: Database, id: string): Promise<{ name: string; email: string | undefined }> {
  await decideAlone(transaction, `account ${id}`);
  return { name: await nameOfUser(transaction, id), email: await emailOf(transaction, id) };
}

/**
 * Sets, or replaces, one's password, and signs one out everywhere else. Throws a DomainError when there is no address to
 * sign in by, or when it is not proved who asks.
 */
export async function changePassword(
  services: SignInServices,
  oneself: Oneself,
  { password, currentPassword }: { password: string; currentPassword?: string | undefined },
): Promise<void> {
  const { connection, authentication } = services;
  const { principal, actor } = oneself;
  const email = await emailOf(connection.database, principal.userId);
  if (email === undefined) {
    throw new DomainError("conflict", "A password belongs to an e-mail address; set that first.", { type: "no-email" });
  }
  await prove(services, oneself, currentPassword);
  const hash = await authentication.hashPassword(password);
  await inTransaction(connection, async (transaction) => {
    await setPassword(transaction, principal.userId, hash);
    const sessions = await deleteSessions(transaction, principal.userId, { but: principal.via.id });
    const entry = { actor, action: "change password", subject: principal.name } as const;
    await insertAuditEntry(transaction, { ...entry, after: { sessionsEnded: sessions } });
  });
}

/** Throws a DomainError unless whoever asks knows the password, or came a moment ago by a way that stands in for it. */
async function prove(
  { connection, authentication }: SignInServices,
  { principal, actor }: Oneself,
  currentPassword: string | undefined,
): Promise<void> {
  const hash = await passwordOf(connection.database, principal.userId);
  if (hash === undefined || cameByLink(principal)) return requireFresh(principal);
  if (currentPassword === undefined) throw invalidField("currentPassword", "Give your present password.");
  await countAttempt(connection, principal.userId);
  if (!(await authentication.isPassword(hash, currentPassword))) {
    await inTransaction(connection, (transaction) =>
      insertAuditEntry(transaction, { actor, action: "change password", subject: principal.name, outcome: "refused" }),
    );
    throw invalidField("currentPassword", "That is not your present password.");
  }
  await forgetAttempts(connection, principal.userId);
}

/** Throws a DomainError when the session is too old, or none, to change how somebody signs in. */
export function requireFresh(principal: Principal): void {
  if (ageOf(principal) < FRESH_SECONDS) return;
  throw new DomainError("forbidden", "You signed in too long ago for that; sign out, sign in, and try again.", {
    type: "sign-in-again",
  });
}

function cameByLink(principal: Principal): boolean {
  return principal.via.kind === "session" && principal.via.way === "sign-in link" && ageOf(principal) < LINK_SECONDS;
}

/** Seconds since they signed in. */
function ageOf({ via }: Principal): number {
  return via.kind === "session" ? (Date.now() - via.beganAt.getTime()) / 1000 : Number.POSITIVE_INFINITY;
}
