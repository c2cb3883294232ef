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
import { decideAlone } from "../database/store-repository.ts";
import { mayChangeMember } from "../domain/access.ts";
import { standingsIn } from "./authorize.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor, Principal } from "./principal.ts";

/** Who changes something in which organization. */
export interface Manager {
  readonly principal: Principal;
  readonly actor: Actor;
  /** Id of the organization. */
  readonly organization: string;
}

function toMember({ since, ...row }: MemberRow): Member {
  return { ...row, since: since.toISOString() };
}

export async function readMembers({ database }: Connection, organization: string): Promise<{ items: Member[] }> {
  return { items: (await listMembers(database, organization)).map(toMember) };
}

/** Gives a member another role. Throws a DomainError when it may not be, or when no owner would be left. */
export async function changeMember(connection: Connection, manager: Manager, id: string, role: Role): Promise<Member> {
  return inTransaction(connection, async (transaction) => {
    const member = await requireMember(transaction, manager.organization, id);
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
export async function expelMember(connection: Connection, manager: Manager, id: string): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const member = await requireMember(transaction, manager.organization, id);
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
async function requireMember(transaction: Database, organization: string, id: string): Promise<MemberRow> {
  await decideAlone(transaction, `members ${organization}`);
  const member = isId(id) ? await findMember(transaction, organization, id) : undefined;
  if (member === undefined) throw new DomainError("not-found", "There is no member with this id.");
  return member;
}

async function requireAnotherOwner(transaction: Database, organization: string): Promise<void> {
  if ((await countOwners(transaction, organization)) > 1) return;
  const message = "The organization would have no owner; make somebody else one first.";
  throw new DomainError("conflict", message, { type: "last-owner" });
}
