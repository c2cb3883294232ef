import { z } from "zod";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import {
  findOrganizationId,
  organizationOfOperation,
  organizationOfStore,
  type Reach,
} from "../database/organization-repository.ts";
import { isAllowed, type Rule, type Standing } from "../domain/access.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import type { Actor, Principal } from "./principal.ts";

/** What a request names, as it was sent. */
export interface Named {
  readonly organization?: string | undefined;
  readonly store?: string | undefined;
  readonly operation?: string | undefined;
}

/**
 * Which organizations a request may touch: those whose things a list shows, or the one that it is about. Throws a
 * DomainError: `not-found` when what is named is not there, or not for the eyes of who asks, in the same words;
 * `forbidden` when they may see it, but not do that.
 */
export async function authorize(
  connection: Connection,
  principal: Principal,
  rule: Rule,
  named: Named,
): Promise<Reach> {
  refuseOutOfScope(principal, rule);
  switch (rule.about) {
    case "anyone":
    case "self":
      return [];
    case "platform":
      if (!isAllowed(rule, standingsIn(principal, undefined))) throw forbidden("Only platform administrators may.");
      return "all";
    case "fleet":
      return reachOfList(connection, principal, rule, named.organization);
    case "new-in-organization":
      return [await organizationForNew(connection, principal, rule, named.organization)];
    case "organization":
      return [
        requireStanding(principal, rule, await idOf(connection, principal, named.organization ?? ""), noOrganization),
      ];
    case "store":
      return [requireStanding(principal, rule, await ofStore(connection, named.store ?? ""), noStore)];
    case "operation":
      return [requireStanding(principal, rule, await ofOperation(connection, named.operation ?? ""), noOperation)];
  }
}

/** How somebody stands to an organization; to the platform when it is left out. */
export function standingsIn(principal: Principal, organization: string | undefined): readonly Standing[] {
  const role = principal.memberships.find((membership) => membership.organization === organization)?.role;
  return [...(role === undefined ? [] : [role]), ...(principal.administrator ? (["administrator"] as const) : [])];
}

export const noStore = () => new DomainError("not-found", "There is no store of this name.");
export const noOperation = () => new DomainError("not-found", "There is no operation with this id.");
export const noOrganization = () => new DomainError("not-found", "There is no organization of this name.");

function forbidden(message: string, organization?: string): DomainError {
  return new DomainError("forbidden", message, {
    type: "forbidden",
    ...(organization !== undefined && { organization }),
  });
}

/** First of all, whatever is named: a key learns nothing about what it cannot be used for. */
function refuseOutOfScope({ via }: Principal, { about, scope }: Rule): void {
  if (via.kind === "session" || about === "anyone") return;
  if (scope === "person") throw forbidden("This cannot be done with an API key; sign in to the dashboard.");
  if (!via.scopes.includes(scope)) {
    throw forbidden(`This API key was not made for that; make one with the scope "${scope}".`);
  }
}

function requireStanding(
  principal: Principal,
  rule: Rule,
  organization: string | undefined,
  absent: () => DomainError,
): string {
  const standings = standingsIn(principal, organization);
  if (organization === undefined || standings.length === 0) throw absent();
  if (isAllowed(rule, standings)) return organization;
  const role = standings.join(" and ");
  throw forbidden(`As ${role} of the organization you may not do that; ask one of its owners.`, organization);
}

async function reachOfList(
  connection: Connection,
  principal: Principal,
  rule: Rule,
  name: string | undefined,
): Promise<Reach> {
  if (name !== undefined) {
    return [requireStanding(principal, rule, await idOf(connection, principal, name), noOrganization)];
  }
  if (isAllowed(rule, standingsIn(principal, undefined))) return "all";
  return principal.memberships.filter(({ role }) => isAllowed(rule, [role])).map(({ organization }) => organization);
}

async function organizationForNew(
  connection: Connection,
  principal: Principal,
  rule: Rule,
  name: string | undefined,
): Promise<string> {
  if (name !== undefined)
    return requireStanding(principal, rule, await idOf(connection, principal, name), noOrganization);
  const possible = principal.memberships.filter(({ role }) => isAllowed(rule, [role]));
  const [only, another] = possible;
  if (only === undefined)
    throw forbidden("You are in no organization in which you may do that; ask one of its owners.");
  if (another === undefined) return only.organization;
  const names = possible.map((membership) => membership.name).join(", ");
  throw invalidField("organization", `Say in which organization, with ?organization=NAME; yours are: ${names}.`);
}

/** Of one's own organizations nobody needs to ask the database. */
async function idOf({ database }: Connection, principal: Principal, name: string): Promise<string | undefined> {
  const own = principal.memberships.find((membership) => membership.name === name);
  if (own !== undefined) return own.organization;
  return /^[a-z0-9-]{1,40}$/.test(name) ? findOrganizationId(database, name) : undefined;
}

async function ofStore({ database }: Connection, name: string): Promise<string | undefined> {
  return /^[a-z0-9-]{1,63}$/.test(name) ? organizationOfStore(database, name) : undefined;
}

async function ofOperation({ database }: Connection, id: string): Promise<string | undefined> {
  return z.uuid().safeParse(id).success ? organizationOfOperation(database, id) : undefined;
}

/** Writes down that somebody wanted what they may not. */
export async function recordRefusal(
  connection: Connection,
  actor: Actor,
  { organization, message }: DomainError,
  subject: string,
): Promise<void> {
  await inTransaction(connection, (transaction) =>
    insertAuditEntry(transaction, {
      actor,
      ...(organization !== undefined && { organization }),
      action: "request",
      subject,
      after: { reason: message },
      outcome: "refused",
    }),
  );
}
