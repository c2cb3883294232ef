import type { ColumnType, Generated } from "kysely";
import type { Scope } from "../contract/keys.ts";
import type { Role } from "../contract/people.ts";
import type { SignInTables, Way } from "./sign-in-tables.ts";

// The rows about people. Column names as in `tables.ts`.

type Timestamp = ColumnType<Date, Date | undefined, Date>;
type OptionalTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface OrganizationTable {
  id: Generated<string>;
  /** What it is addressed by; unique. */
  name: string;
  displayName: string;
  createdAt: Timestamp;
}

export interface UserTable {
  id: Generated<string>;
  name: string;
  /** Whether they administer the platform. */
  administrator: ColumnType<boolean, boolean | undefined, boolean>;
  /** Whether they sign in by the link that this machine prints; true for one at most. */
  local: ColumnType<boolean, boolean | undefined, boolean>;
  /** In small letters; unique. `null` for whoever needs none. */
  email: ColumnType<string | null, string | null | undefined, string | null>;
  createdAt: Timestamp;
}

export interface MemberTable {
  organizationId: string;
  userId: string;
  role: Role;
  createdAt: Timestamp;
}

export interface InvitationTable {
  id: Generated<string>;
  organizationId: string;
  role: Role;
  note: string | null;
  /** SHA-256 of the token in its link, in hexadecimal. */
  hash: string;
  invitedBy: string | null;
  createdAt: Timestamp;
  expiresAt: Date;
  acceptedAt: OptionalTimestamp;
}

export interface SignInTokenTable {
  /** SHA-256 of the token, in hexadecimal. */
  hash: string;
  userId: string;
  createdAt: Timestamp;
  expiresAt: Date;
  usedAt: OptionalTimestamp;
}

export interface SessionTable {
  id: Generated<string>;
  /** SHA-256 of what the cookie holds, in hexadecimal. */
  hash: string;
  userId: string;
  createdAt: Timestamp;
  expiresAt: Date;
  /** Where it was begun: network address and browser. */
  address: string | null;
  agent: string | null;
  /** When it was last used, to the minute. */
  seenAt: Timestamp;
  way: Way;
}

/** Answers given before, so that a request sent twice is carried out once. */
export interface IdempotencyKeyTable {
  userId: string;
  key: string;
  /** SHA-256 of method, path and body: the same key with another request is refused. */
  requestHash: string;
  operationId: string;
  createdAt: Timestamp;
}

export interface ApiKeyTable {
  id: Generated<string>;
  userId: string;
  /** The only one in which it can be used. */
  organizationId: string;
  name: string;
  /** SHA-256 of the key, in hexadecimal. */
  hash: string;
  /** How it begins, so that its owner knows it again. */
  hint: string;
  scopes: ColumnType<Scope[], string, never>;
  createdAt: Timestamp;
  expiresAt: Date;
  seenAt: OptionalTimestamp;
  revokedAt: OptionalTimestamp;
}

/** One row at most: what administrators have set. */
export interface SettingsTable {
  onlyOne: ColumnType<boolean, boolean | undefined, never>;
  /** Parsed by whoever reads it: it may be of an earlier version. */
  value: ColumnType<unknown, string, string>;
  /** Grows by one with every change. */
  version: number;
  updatedAt: Timestamp;
}

export interface RateLimitTable {
  key: string;
  count: number;
  endsAt: Date;
}

/** What was answered to a request, without what is shown only once. */
export interface KeptAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the body was left out, because it held a secret. */
  readonly shownOnce: boolean;
}

/** What was answered under an Idempotency-Key, to everything but requests about stores. */
export interface KeptAnswerTable {
  userId: string;
  key: string;
  requestHash: string;
  /** `null` while the first request is under way. */
  answer: ColumnType<KeptAnswer | null, string | null, string | null>;
  createdAt: Timestamp;
}

export interface PeopleTables extends SignInTables {
  keptAnswers: KeptAnswerTable;
  apiKeys: ApiKeyTable;
  settings: SettingsTable;
  rateLimits: RateLimitTable;
  organizations: OrganizationTable;
  users: UserTable;
  members: MemberTable;
  invitations: InvitationTable;
  signInTokens: SignInTokenTable;
  sessions: SessionTable;
  idempotencyKeys: IdempotencyKeyTable;
}
