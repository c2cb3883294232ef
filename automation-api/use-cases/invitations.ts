import type { Page, PageQuery } from "../contract/page.ts";
import type { Invitation, Role } from "../contract/people.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction, isTaken } from "../database/connection.ts";
import {
  deleteInvitation,
  findInvitation,
  type InvitationRow,
  insertInvitation,
  listInvitations,
  useInvitation,
} from "../database/invitation-repository.ts";
import { addMember } from "../database/member-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { readSettings } from "../database/settings-repository.ts";
import { USER_EMAIL } from "../database/user-repository.ts";
import { readPage } from "./cursor.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import { isId } from "./ids.ts";
import { type Manager, refuse } from "./members.ts";
import type { Origin, Principal } from "./principal.ts";
import { hashOf, inSeconds, newSecret } from "./secrets.ts";
import { beginSession } from "./sessions.ts";
import type { SignInServices } from "./sign-in.ts";
import { insertPerson, type NewPerson } from "./sign-up.ts";
import { refuseStale, versionOfInvitation } from "./versions.ts";

/** How long an invitation can be accepted. */
const INVITATION_SECONDS = 7 * 24 * 3600;

function toInvitation({ id, role, note, invitedBy, createdAt, expiresAt }: InvitationRow): Invitation {
  return {
    id,
    role,
    ...(note !== null && { note }),
    invitedBy: invitedBy ?? "somebody who has left",
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** One page of those that can still be accepted. Throws a DomainError for a strange cursor. */
export async function readInvitations(
  { database }: Connection,
  organization: string,
  query: PageQuery,
): Promise<Page<Invitation>> {
  const find = (page: PageOfRows) => listInvitations(database, organization, page);
  const { rows, next } = await readPage(`invitations of ${organization}`, "time", query, find);
  return { items: rows.map(toInvitation), ...next };
}

/** Throws a DomainError when there is none that can still be accepted. */
export async function readInvitation(
  { database }: Pick<Connection, "database">,
  organization: string,
  id: string,
): Promise<Invitation> {
  const row = isId(id) ? await findInvitation(database, organization, id) : undefined;
  if (row === undefined) throw new DomainError("not-found", "There is no open invitation with this id.");
  return toInvitation(row);
}

/** An invitation, and the token that its link is to carry; the token is kept nowhere. */
export async function invite(
  connection: Connection,
  manager: Manager,
  { role, note }: { role: Role; note?: string | undefined },
): Promise<{ invitation: Invitation; token: string }> {
  refuse(manager, undefined, role);
  const { actor, organization } = manager;
  const token = newSecret();
  return inTransaction(connection, async (transaction) => {
    const id = await insertInvitation(transaction, {
      organizationId: organization,
      role,
      note: note ?? null,
      hash: hashOf(token),
      invitedBy: actor.userId,
      expiresAt: inSeconds(INVITATION_SECONDS),
    });
    const row = await findInvitation(transaction, organization, id);
    if (row === undefined) throw new Error(`The invitation ${id} was made, but cannot be found.`);
    const entry = { actor, organization, action: "invite", subject: note ?? id } as const;
    await insertAuditEntry(transaction, { ...entry, after: { id, role } });
    return { invitation: toInvitation(row), token };
  });
}

/** `seen` is the version that was seen; left out: whatever it is. Throws a DomainError. */
export async function withdrawInvitation(
  connection: Connection,
  manager: Manager,
  { id, seen }: { id: string; seen?: string | undefined },
): Promise<void> {
  const { actor, organization } = manager;
  await inTransaction(connection, async (transaction) => {
    const row = await readInvitation({ database: transaction }, organization, id);
    refuseStale("the invitation", versionOfInvitation(row), seen);
    refuse(manager, row.role, undefined);
    await deleteInvitation(transaction, organization, id);
    const entry = { actor, organization, action: "withdraw invitation", subject: row.note ?? id } as const;
    await insertAuditEntry(transaction, { ...entry, before: { id, role: row.role } });
  });
}

/** What somebody gives who accepts an invitation. */
interface Acceptance {
  readonly token: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Makes whoever is signed in a member, or else a new person of this name, for whom a session begins. Gives the session's
 * secret in that case. Throws a DomainError when the invitation cannot be used, when a name is needed, or when no new
 * people are let in.
 */
export async function acceptInvitation(
  { connection, authentication }: SignInServices,
  principal: Principal | undefined,
  { token, name, email, password }: Acceptance,
  origin: Origin,
): Promise<string | undefined> {
  const passwordHash = password && (await authentication.hashPassword(password));
  const login = email !== undefined && passwordHash !== undefined ? { email, passwordHash } : undefined;
  try {
    return await inTransaction(connection, async (transaction) => {
      const invitation = await useInvitation(transaction, hashOf(token));
      if (invitation === undefined) {
        throw new DomainError("not-found", "This invitation was used, withdrawn, or is too old; ask for another one.");
      }
      const person = principal ?? (await insertInvited(transaction, name, login));
      const { id, organizationId, role } = invitation;
      await addMember(transaction, { organizationId, userId: person.userId, role });
      const begins = principal === undefined;
      const secret = begins ? await beginSession(transaction, person.userId, "invitation", origin) : undefined;
      await insertAuditEntry(transaction, {
        actor: { userId: person.userId, name: person.name, via: "invitation", ...origin },
        organization: organizationId,
        action: "accept invitation",
        subject: person.name,
        after: { invitation: id, role },
      });
      return secret;
    });
  } catch (error) {
    if (!isTaken(error, USER_EMAIL)) throw error;
    throw invalidField("email", "Somebody has this address already: sign in first, then open the link again.");
  }
}

async function insertInvited(
  transaction: Database,
  name: string | undefined,
  login: NewPerson["login"],
): Promise<{ userId: string; name: string }> {
  const { settings } = await readSettings(transaction);
  if (settings.signUp === "off") {
    throw new DomainError("forbidden", "No new people are let in here; sign in, and open the link again.", {
      type: "sign-up-closed",
    });
  }
  if (name === undefined) throw invalidField("name", "Say what you are called.");
  return { userId: await insertPerson(transaction, { name, login }), name };
}
