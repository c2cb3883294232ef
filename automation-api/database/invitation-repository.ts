import { sql } from "kysely";
import type { Role } from "../contract/people.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";

export interface InvitationRow {
  readonly id: string;
  readonly role: Role;
  readonly note: string | null;
  /** Name of whoever made it; `null` when that person has left for good. */
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Whether it can still be accepted. */
const isOpen = sql<boolean>`invitations.accepted_at is null and invitations.expires_at > now()`;

function openInvitations(database: Database, organizationId: string) {
  return database
    .selectFrom("invitations")
    .leftJoin("users", "users.id", "invitations.invitedBy")
    .select(["invitations.id", "invitations.role", "invitations.note", "users.name as invitedBy"])
    .select(["invitations.createdAt", "invitations.expiresAt"])
    .where("invitations.organizationId", "=", organizationId)
    .where(isOpen);
}

/** One page of those that can still be accepted, newest first. */
export function listInvitations(database: Database, organizationId: string, page: PageOfRows) {
  const order = timeOrder("invitations.createdAt", "invitations.id", true);
  return paged(openInvitations(database, organizationId), order, page).execute();
}

export function findInvitation(
  database: Database,
  organizationId: string,
  id: string,
): Promise<InvitationRow | undefined> {
  return openInvitations(database, organizationId).where("invitations.id", "=", id).executeTakeFirst();
}

/** Returns its id. */
export async function insertInvitation(
  database: Database,
  invitation: {
    organizationId: string;
    role: Role;
    note: string | null;
    hash: string;
    invitedBy: string;
    expiresAt: Date;
  },
): Promise<string> {
  const row = await database.insertInto("invitations").values(invitation).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

/** Whether an invitation with this token can be accepted. */
export async function hasOpenInvitation(database: Database, hash: string): Promise<boolean> {
  const row = await database
    .selectFrom("invitations")
    .select("id")
    .where("hash", "=", hash)
    .where(isOpen)
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses an invitation up; `undefined` when there is none, it was used, withdrawn, or its time is over. */
export function useInvitation(
  database: Database,
  hash: string,
): Promise<{ id: string; organizationId: string; role: Role } | undefined> {
  return database
    .updateTable("invitations")
    .set({ acceptedAt: sql<Date>`now()` })
    .where("hash", "=", hash)
    .where(isOpen)
    .returning(["id", "organizationId", "role"])
    .executeTakeFirst();
}

export async function deleteInvitation(database: Database, organizationId: string, id: string): Promise<void> {
  await database.deleteFrom("invitations").where("id", "=", id).where("organizationId", "=", organizationId).execute();
}
