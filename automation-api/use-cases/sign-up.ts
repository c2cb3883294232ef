import type { SignUp } from "../contract/sign-in.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction, isTaken } from "../database/connection.ts";
import { setPassword } from "../database/identity-repository.ts";
import { readSettings } from "../database/settings-repository.ts";
import { insertUser, USER_EMAIL } from "../database/user-repository.ts";
import { DomainError } from "./domain-error.ts";
import type { Origin } from "./principal.ts";
import type { SignInServices } from "./sign-in.ts";

/** Somebody new, as they are kept. */
export interface NewPerson {
  readonly name: string;
  /** With what they sign in; left out: by a link or a passkey only. */
  readonly login?: { readonly email: string; readonly passwordHash: string } | undefined;
}

/** Returns their id. Fails when the address is somebody's; see `USER_EMAIL`. */
export async function insertPerson(transaction: Database, { name, login }: NewPerson): Promise<string> {
  const id = await insertUser(transaction, name, login?.email);
  if (login !== undefined) await setPassword(transaction, id, login.passwordHash);
  return id;
}

/**
 * Makes a new person. Whether the address was somebody's already is not told: whoever knows its password can sign in
 * afterwards. Throws a DomainError where people do not sign up by themselves.
 */
export async function signUp(
  { connection, authentication }: SignInServices,
  { name, email, password }: SignUp,
  origin: Origin,
): Promise<void> {
  await refuseUnlessOpen(connection);
  // Done either way, so that an address which is taken takes as long.
  const passwordHash = await authentication.hashPassword(password);
  const by = (userId: string | undefined) => ({ userId, name, via: "sign-up", ...origin });
  try {
    await inTransaction(connection, async (transaction) => {
      const id = await insertPerson(transaction, { name, login: { email, passwordHash } });
      await insertAuditEntry(transaction, { actor: by(id), action: "sign up", subject: name });
    });
  } catch (error) {
    if (!isTaken(error, USER_EMAIL)) throw error;
    const refused = { actor: by(undefined), action: "sign up", subject: name, outcome: "refused" } as const;
    await inTransaction(connection, (transaction) =>
      insertAuditEntry(transaction, { ...refused, after: { reason: "The address is somebody's already." } }),
    );
  }
}

async function refuseUnlessOpen({ database }: Connection): Promise<void> {
  const { settings } = await readSettings(database);
  if (settings.signUp === "open") return;
  const how = settings.signUp === "invitation" ? " Ask somebody here for an invitation." : "";
  throw new DomainError("forbidden", `Nobody signs up here by themselves.${how}`, { type: "sign-up-closed" });
}
