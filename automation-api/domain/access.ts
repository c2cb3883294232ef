import type { Scope } from "../contract/keys.ts";
import type { Role } from "../contract/people.ts";

// Who may do what: one table of every route and everybody. The guards are made from it, and a test asks for every cell.

/**
 * How somebody stands to what a request is about. An `administrator` of the platform who belongs to the organization may
 * do what either may.
 */
export type Standing = Role | "administrator";

/**
 * - `anyone`: nobody needs to be signed in
 * - `self`: whoever is signed in, about nothing that belongs to somebody else
 * - `fleet`: everything in the organizations where one may, or in the one that the query names
 * - `new-in-organization`: the organization that the query names, or the only one where it is allowed
 * - `organization`, `store`, `operation`: what the path names; to everybody who cannot see it, it is not there
 * - `platform`: what exists once
 */
export type About =
  | "anyone"
  | "self"
  | "fleet"
  | "new-in-organization"
  | "organization"
  | "store"
  | "operation"
  | "platform";

export interface Rule {
  readonly about: About;
  /** Empty where standing does not matter. */
  readonly allowed: readonly Standing[];
  /** What a key must have been made for. `person`: no key at all, only somebody who is signed in. */
  readonly scope: Scope | "person";
}

const open: Rule = { about: "anyone", allowed: [], scope: "read" };
const self = (scope: Rule["scope"]): Rule => ({ about: "self", allowed: [], scope });

const readers: readonly Standing[] = ["viewer", "member", "admin", "owner", "administrator"];
const makers: readonly Standing[] = ["member", "admin", "owner"];
const changers: readonly Standing[] = [...makers, "administrator"];
const managers: readonly Standing[] = ["admin", "owner", "administrator"];

const fleet: Rule = { about: "fleet", allowed: readers, scope: "read" };
const readStore: Rule = { about: "store", allowed: readers, scope: "read" };
const changeStore: Rule = { about: "store", allowed: changers, scope: "write" };
const readOperation: Rule = { about: "operation", allowed: readers, scope: "read" };
const readOrganization: Rule = { about: "organization", allowed: readers, scope: "read" };
const manage: Rule = { about: "organization", allowed: managers, scope: "manage" };
const administer: Rule = { about: "platform", allowed: ["administrator"], scope: "person" };

/** Every route below `/api/v1`, by method and path as Express writes it. */
export const accessTable: Readonly<Record<string, Rule>> = {
  "GET /api/v1/sign-in": open,
  "POST /api/v1/sign-in/password": open,
  "POST /api/v1/sign-in/passkey/question": open,
  "POST /api/v1/sign-in/passkey": open,
  "POST /api/v1/sign-in/single-sign-on": open,
  "GET /api/v1/sign-in/callback/single-sign-on": open,
  "POST /api/v1/sign-up": open,
  "POST /api/v1/session": open,
  "GET /api/v1/session": self("read"),
  "DELETE /api/v1/session": self("person"),
  // How somebody signs in is changed by themselves, never by a key of theirs.
  "GET /api/v1/account": self("person"),
  "PATCH /api/v1/account": self("person"),
  "PUT /api/v1/account/password": self("person"),
  "POST /api/v1/account/passkeys/question": self("person"),
  "POST /api/v1/account/passkeys": self("person"),
  "DELETE /api/v1/account/passkeys/:id": self("person"),
  "POST /api/v1/account/single-sign-on": self("person"),
  "DELETE /api/v1/account/single-sign-on": self("person"),

  "GET /api/v1/platform": self("read"),
  "GET /api/v1/platform/findings": administer,
  "GET /api/v1/platform/measures": administer,
  "GET /api/v1/platform/clusters": administer,
  "POST /api/v1/platform/clusters": administer,
  "GET /api/v1/platform/clusters/:name": administer,
  "PATCH /api/v1/platform/clusters/:name": administer,
  "DELETE /api/v1/platform/clusters/:name": administer,
  "POST /api/v1/platform/clusters/:name/test": administer,
  "GET /api/v1/names/:name": self("read"),
  "GET /api/v1/overview": fleet,

  "GET /api/v1/stores": fleet,
  "POST /api/v1/stores": { about: "new-in-organization", allowed: makers, scope: "write" },
  "GET /api/v1/stores/:name": readStore,
  "DELETE /api/v1/stores/:name": changeStore,
  "POST /api/v1/stores/:name/retry": changeStore,
  "POST /api/v1/stores/:name/rotate": changeStore,
  "GET /api/v1/stores/:name/operations": readStore,
  // Administrators of the platform keep stores running; what is sold in them is not theirs.
  "GET /api/v1/stores/:name/credentials": { about: "store", allowed: makers, scope: "credentials" },

  // It holds every secret of the store, encrypted.
  "GET /api/v1/stores/:name/export": { about: "store", allowed: ["admin", "owner"], scope: "credentials" },

  "GET /api/v1/operations": fleet,
  "GET /api/v1/operations/:id": readOperation,
  "GET /api/v1/operations/:id/events": readOperation,
  "POST /api/v1/operations/:id/cancel": { about: "operation", allowed: changers, scope: "write" },

  "GET /api/v1/organizations": self("read"),
  "POST /api/v1/organizations": self("person"),
  "GET /api/v1/organizations/:organization": readOrganization,
  "PATCH /api/v1/organizations/:organization": manage,
  "DELETE /api/v1/organizations/:organization": {
    about: "organization",
    allowed: ["owner", "administrator"],
    scope: "person",
  },
  "GET /api/v1/organizations/:organization/members": readOrganization,
  "GET /api/v1/organizations/:organization/members/:id": readOrganization,
  "PATCH /api/v1/organizations/:organization/members/:id": manage,
  // Whoever has the right sees to it in the use case: everybody may leave.
  "DELETE /api/v1/organizations/:organization/members/:id": { ...readOrganization, scope: "manage" },
  "GET /api/v1/organizations/:organization/invitations": manage,
  "POST /api/v1/organizations/:organization/invitations": manage,
  "GET /api/v1/organizations/:organization/invitations/:id": manage,
  "DELETE /api/v1/organizations/:organization/invitations/:id": manage,
  "POST /api/v1/invitations/accept": open,

  "GET /api/v1/keys": self("manage"),
  "POST /api/v1/keys": self("manage"),
  "GET /api/v1/keys/:id": self("manage"),
  "DELETE /api/v1/keys/:id": self("manage"),
  "GET /api/v1/organizations/:organization/keys": manage,
  "GET /api/v1/organizations/:organization/keys/:id": manage,
  "DELETE /api/v1/organizations/:organization/keys/:id": manage,
  "GET /api/v1/organizations/:organization/webhooks": manage,
  "POST /api/v1/organizations/:organization/webhooks": manage,
  "GET /api/v1/organizations/:organization/webhooks/:id": manage,
  "PATCH /api/v1/organizations/:organization/webhooks/:id": manage,
  "DELETE /api/v1/organizations/:organization/webhooks/:id": manage,
  "POST /api/v1/organizations/:organization/webhooks/:id/secret": manage,
  "POST /api/v1/organizations/:organization/webhooks/:id/test": manage,
  "GET /api/v1/organizations/:organization/webhooks/:id/deliveries": manage,
  "POST /api/v1/organizations/:organization/webhooks/:id/deliveries/:delivery/replay": manage,

  "GET /api/v1/sessions": self("person"),
  "DELETE /api/v1/sessions": self("person"),
  "DELETE /api/v1/sessions/:id": self("person"),

  "GET /api/v1/audit": { about: "fleet", allowed: managers, scope: "manage" },
  "GET /api/v1/audit/export": { about: "fleet", allowed: managers, scope: "manage" },
  "GET /api/v1/audit/verification": administer,
  "GET /api/v1/settings": administer,
  "PUT /api/v1/settings": administer,
  "GET /api/v1/people": administer,
  "POST /api/v1/people/:id/sign-in-link": administer,
};

/** Throws when the table does not know the route: then nobody could tell who may use it. */
export function ruleOf(method: string, path: string): Rule {
  const rule = accessTable[`${method.toUpperCase()} ${path}`];
  if (rule === undefined) throw new Error(`${method.toUpperCase()} ${path} is missing in the table of access.`);
  return rule;
}

/** Whether somebody who stands so may do what the rule is about. */
export function isAllowed(rule: Rule, standings: readonly Standing[]): boolean {
  return standings.some((standing) => rule.allowed.includes(standing));
}

/**
 * Whether somebody may give a member another role, or take the membership away (`to` left out). Owners, and
 * administrators of the platform, may do so with everybody; admins with everybody but owners, and make nobody one.
 */
export function mayChangeMember(standings: readonly Standing[], from: Role | undefined, to: Role | undefined): boolean {
  if (standings.includes("owner") || standings.includes("administrator")) return true;
  return standings.includes("admin") && from !== "owner" && to !== "owner";
}
