import type { Page, PageQuery } from "../contract/page.ts";
import type { Organization } from "../contract/people.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction, isTaken } from "../database/connection.ts";
import { addMember } from "../database/member-repository.ts";
import {
  deleteOrganization,
  findOrganization,
  insertOrganization,
  listOrganizations,
  ORGANIZATION_NAME,
  type OrganizationRow,
  renameOrganization,
} from "../database/organization-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { decideAlone } from "../database/store-repository.ts";
import { noOrganization } from "./authorize.ts";
import { readPage } from "./cursor.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor, Principal } from "./principal.ts";
import { refuseStale, versionOfOrganization } from "./versions.ts";

function toOrganization(row: OrganizationRow, { memberships }: Principal): Organization {
  const role = memberships.find(({ organization }) => organization === row.id)?.role;
  const { name, displayName, stores, members, createdAt } = row;
  return {
    name,
    displayName,
    stores,
    members,
    createdAt: createdAt.toISOString(),
    ...(role !== undefined && { role }),
  };
}

/** One page of those one belongs to; of all for administrators of the platform. Throws a DomainError. */
export async function readOrganizations(
  { database }: Connection,
  principal: Principal,
  query: PageQuery,
): Promise<Page<Organization>> {
  const reach = principal.administrator ? "all" : principal.memberships.map(({ organization }) => organization);
  const find = (page: PageOfRows) => listOrganizations(database, reach, page);
  const { rows, next } = await readPage("organizations", "text", query, find);
  return { items: rows.map((row) => toOrganization(row, principal)), ...next };
}

export async function readOrganization(
  { database }: Connection,
  principal: Principal,
  id: string,
): Promise<Organization> {
  const row = await findOrganization(database, id);
  if (row === undefined) throw noOrganization();
  return toOrganization(row, principal);
}

/** Whoever makes an organization owns it. Throws a DomainError when its name is taken. */
export async function createOrganization(
  connection: Connection,
  { principal, actor }: { principal: Principal; actor: Actor },
  { name, displayName = name }: { name: string; displayName?: string | undefined },
): Promise<Organization> {
  try {
    return await inTransaction(connection, async (transaction) => {
      const id = await insertOrganization(transaction, { name, displayName });
      await addMember(transaction, { organizationId: id, userId: actor.userId, role: "owner" });
      const row = await findOrganization(transaction, id);
      if (row === undefined) throw new Error(`The organization "${name}" was made, but cannot be found.`);
      const entry = { actor, organization: id, action: "create organization", subject: name } as const;
      await insertAuditEntry(transaction, { ...entry, after: { displayName } });
      return { ...toOrganization(row, principal), role: "owner" };
    });
  } catch (error) {
    if (!isTaken(error, ORGANIZATION_NAME)) throw error;
    const message = `There is an organization named "${name}" already; choose another name.`;
    const errors = [{ field: "name", message }];
    throw new DomainError("conflict", message, { type: "name-taken", errors, cause: error });
  }
}

/** `seen` is the version that was seen; left out: whatever it is. Throws a DomainError when it is another one by now. */
export async function changeOrganization(
  connection: Connection,
  { principal, actor }: { principal: Principal; actor: Actor },
  id: string,
  { displayName, seen }: { displayName: string; seen?: string | undefined },
): Promise<Organization> {
  return inTransaction(connection, async (transaction) => {
    await decideAlone(transaction, `organization ${id}`);
    const before = await findOrganization(transaction, id);
    if (before === undefined) throw noOrganization();
    refuseStale("the organization", versionOfOrganization(before), seen);
    await renameOrganization(transaction, id, displayName);
    await insertAuditEntry(transaction, {
      actor,
      organization: id,
      action: "change organization",
      subject: before.name,
      before: { displayName: before.displayName },
      after: { displayName },
    });
    return toOrganization({ ...before, displayName }, principal);
  });
}

/** Only one that never had a store, and in the version that was seen; throws a DomainError otherwise. */
export async function removeOrganization(
  connection: Connection,
  actor: Actor,
  id: string,
  seen: string | undefined,
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    await decideAlone(transaction, `organization ${id}`);
    const before = await findOrganization(transaction, id);
    if (before === undefined) throw noOrganization();
    refuseStale("the organization", versionOfOrganization(before), seen);
    if (!(await deleteOrganization(transaction, id))) {
      const message = "The organization has, or had, stores; what happened in them is kept, and so it stays.";
      throw new DomainError("conflict", message, { type: "organization-in-use" });
    }
    const { name: subject, displayName } = before;
    await insertAuditEntry(transaction, { actor, action: "delete organization", subject, before: { displayName } });
  });
}
