import type { Page, PageQuery } from "../contract/page.ts";
import type { Member, Role } from "../contract/people.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import {
  countOwners,
  findMember,
  listMembers,
  type MemberRow,
  removeMember,
  setRole,
} from "../database/member-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { decideAlone } from "../database/store-repository.ts";
import { mayChangeMember } from "../domain/access.ts";
import { standingsIn } from "./authorize.ts";
import { readPage } from "./cursor.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor, Principal } from "./principal.ts";
import { refuseStale, versionOfMember } from "./versions.ts";

/** Who changes something in which organization. */
export interface Manager {
  readonly principal: Principal;
  readonly actor: Actor;
  /** Id of the organization. */
  readonly organization: string;
}

function toMember({ id, name, role, since }: MemberRow): Member {
  return { id, name, role, since: since.toISOString(), version: versionOfMember({ role, since }) };
}

/** One page. Throws a DomainError for a strange cursor. */
export async function readMembers(
  { database }: Connection,
  organization: string,
  query: PageQuery,
): Promise<Page<Member>> {
  const find = (page: PageOfRows) => listMembers(database, organization, page);
  const { rows, next } = await readPage(`members of ${organization}`, "time", query, find);
  return { items: rows.map(toMember), ...next };
}

/** Throws a DomainError when there is no such member. */
export async function readMember({ database }: Connection, organization: string, id: string): Promise<Member> {
  const row = isId(id) ? await findMember(database, organization, id) : undefined;
  if (row === undefined) throw noMember();
  return toMember(row);
}

/** A member, and the version of it that was seen; left out: whatever it is. */
export interface SeenMember {
  readonly id: string;
  readonly seen?: string | undefined;
}

/** Gives a member another role. Throws a DomainError when it may not be, or when no owner would be left. */
export async function changeMember(
  connection: Connection,
  manager: Manager,
  { id, seen }: SeenMember,
  role: Role,
): Promise<Member> {
  return inTransaction(connection, async (transaction) => {
    const member = await requireMember(transaction, manager.organization, { id, seen });
    refuse(manager, member.role, role);
    if (member.role === "owner" && role !== "owner") await requireAnotherOwner(transaction, manager.organization);
    await setRole(transaction, manager.organization, id, role);
    await insertAuditEntry(transaction, {
      actor: manager.actor,
      organization: manager.organization,
      action: "change member",
      subject: member.name,
      before: { id, role: member.role },
      after: { id, role },
    });
    return toMember({ ...member, role });
  });
}

/** Takes a member out of an organization; everybody may leave. Throws a DomainError as above. */
export async function expelMember(connection: Connection, manager: Manager, { id, seen }: SeenMember): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const member = await requireMember(transaction, manager.organization, { id, seen });
    if (id !== manager.actor.userId) refuse(manager, member.role, undefined);
    if (member.role === "owner") await requireAnotherOwner(transaction, manager.organization);
    await removeMember(transaction, manager.organization, id);
    await insertAuditEntry(transaction, {
      actor: manager.actor,
      organization: manager.organization,
      action: "remove member",
      subject: member.name,
      before: { id, role: member.role },
    });
  });
}

/** Throws a DomainError when somebody may not hand out, or take away, these roles. */
export function refuse({ principal, organization }: Manager, from: Role | undefined, to: Role | undefined): void {
  if (mayChangeMember(standingsIn(principal, organization), from, to)) return;
  throw new DomainError("forbidden", "You may not change that membership; ask one of the organization's owners.", {
    type: "forbidden",
  });
}

/** Nobody else decides about the members until the transaction ends. */
async function requireMember(
  transaction: Database,
  organization: string,
  { id, seen }: SeenMember,
): Promise<MemberRow> {
  await decideAlone(transaction, `members ${organization}`);
  const member = isId(id) ? await findMember(transaction, organization, id) : undefined;
  if (member === undefined) throw noMember();
  refuseStale("the membership", versionOfMember(member), seen);
  return member;
}

const noMember = () => new DomainError("not-found", "There is no member with this id.");

async function requireAnotherOwner(transaction: Database, organization: string): Promise<void> {
  if ((await countOwners(transaction, organization)) > 1) return;
  const message = "The organization would have no owner; make somebody else one first.";
  throw new DomainError("conflict", message, { type: "last-owner" });
}
