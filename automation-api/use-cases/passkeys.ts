import type { Begun, Visitor } from "../authentication.ts";
import type { NewPasskeyAnswer, Passkey } from "../contract/sign-in.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { inTransaction } from "../database/connection.ts";
import { deletePasskey, forgetSingleSignOn, listPasskeys } from "../database/identity-repository.ts";
import { type Oneself, requireFresh } from "./account.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { SignInServices } from "./sign-in.ts";

// What somebody adds to, and takes from, the ways in which they sign in.

/** Throws a DomainError when it does not answer what was asked, or when one signed in too long ago. */
export async function addPasskey(
  { connection, authentication }: SignInServices,
  { principal, actor }: Oneself,
  visitor: Visitor,
  passkey: { name: string; credential: NewPasskeyAnswer },
): Promise<Passkey> {
  requireFresh(principal);
  const { id } = await authentication.addPasskey(visitor, passkey);
  const entry = { actor, action: "add passkey", subject: passkey.name, after: { id } } as const;
  await inTransaction(connection, (transaction) => insertAuditEntry(transaction, entry));
  const made = (await listPasskeys(connection.database, principal.userId)).find((each) => each.id === id);
  if (made === undefined) throw new Error(`The passkey ${id} was added, but cannot be found.`);
  return { id, name: passkey.name, createdAt: made.createdAt.toISOString() };
}

/** Throws a DomainError when one has no such passkey. */
export async function removePasskey(
  { connection }: SignInServices,
  { principal, actor }: Oneself,
  id: string,
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const removed = isId(id) ? await deletePasskey(transaction, principal.userId, id) : undefined;
    if (removed === undefined) throw new DomainError("not-found", "There is no passkey with this id.");
    const subject = removed.name ?? "passkey";
    await insertAuditEntry(transaction, { actor, action: "remove passkey", subject, before: { id } });
  });
}

/** Where to go to say who one is there. Throws a DomainError when nothing is configured or one signed in too long ago. */
export async function connectSingleSignOn(
  { authentication }: SignInServices,
  { principal }: Oneself,
  visitor: Visitor,
): Promise<Begun<{ url: string }>> {
  if (authentication.singleSignOn === undefined) throw noSingleSignOn();
  requireFresh(principal);
  return authentication.singleSignOn.connect(visitor, principal.userId);
}

/** Throws a DomainError when nobody there is this person. */
export async function disconnectSingleSignOn(
  { connection }: SignInServices,
  { principal, actor }: Oneself,
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    if (!(await forgetSingleSignOn(transaction, principal.userId))) {
      throw new DomainError("not-found", "Nobody at the provider of single sign-on is connected with you.");
    }
    await insertAuditEntry(transaction, { actor, action: "disconnect single sign-on", subject: principal.name });
  });
}

export const noSingleSignOn = () => new DomainError("not-found", "No provider of single sign-on is configured here.");
