import type { Scope } from "../contract/keys.ts";
import type { Connection } from "../database/connection.ts";
import { findKeyHolder, markKeySeen } from "../database/key-repository.ts";
import { findSession, markSessionSeen } from "../database/session-repository.ts";
import type { Way } from "../database/sign-in-tables.ts";
import type { Membership } from "../database/user-repository.ts";
import { hashOf } from "./secrets.ts";

/** A session somebody is known by. */
export interface SessionProof {
  readonly kind: "session";
  readonly id: string;
  /** How, and when, it began. */
  readonly way: Way;
  readonly beganAt: Date;
  readonly expiresAt: Date;
}

/** Somebody who is known, and what they were known by. */
export interface Principal {
  readonly userId: string;
  readonly name: string;
  /** Whether they administer the platform. Never by a key. */
  readonly administrator: boolean;
  /** Where they belong; with a key only the organization it was made for. */
  readonly memberships: readonly Membership[];
  readonly via:
    | SessionProof
    | { readonly kind: "key"; readonly id: string; readonly name: string; readonly scopes: readonly Scope[] };
}

/** Where a request comes from. */
export interface Origin {
  /** Network address. */
  readonly address: string | undefined;
  /** What the browser or program calls itself. */
  readonly agent: string | undefined;
  /** Ties a request to everything that came of it. */
  readonly correlationId: string | undefined;
  /** The span of the request. Default: none. */
  readonly traceparent?: string | undefined;
}

/** Who does something, as it is written down. */
export interface Actor extends Origin {
  readonly userId: string;
  readonly name: string;
  /** `session`, or `key` and its name. */
  readonly via: string;
}

export function actorOf(principal: Principal, origin: Origin): Actor {
  const { userId, name, via } = principal;
  return { userId, name, via: via.kind === "key" ? `key ${via.name}` : "session", ...origin };
}

/** Whose session it is; `undefined` when there is none with this secret. */
export async function principalOfSession({ database }: Connection, secret: string): Promise<Principal | undefined> {
  const row = await findSession(database, hashOf(secret));
  if (row === undefined) return undefined;
  if (row.unseen) await markSessionSeen(database, row.id);
  const { id, way, createdAt, expiresAt, userId, userName, administrator, memberships } = row;
  const via = { kind: "session", id, way, beganAt: createdAt, expiresAt } as const;
  return { userId, name: userName, administrator, memberships, via };
}

/** Who uses a key, in the one organization it was made for; `undefined` when it cannot be used (any more). */
export async function principalOfKey({ database }: Connection, secret: string): Promise<Principal | undefined> {
  const row = await findKeyHolder(database, hashOf(secret));
  if (row === undefined) return undefined;
  if (row.unseen) await markKeySeen(database, row.id);
  const { id, name, scopes, userId, userName, organization, organizationName, role } = row;
  const memberships = [{ organization, name: organizationName, role }];
  return { userId, name: userName, administrator: false, memberships, via: { kind: "key", id, name, scopes } };
}
