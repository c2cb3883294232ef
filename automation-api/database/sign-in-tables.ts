import type { ColumnType, Generated } from "kysely";

// The rows about how people sign in. better-auth writes most of them; column names as in `tables.ts`.

/** How a session began. */
export const WAYS = ["sign-in link", "invitation", "password", "passkey", "single sign-on"] as const;
export type Way = (typeof WAYS)[number];

type Timestamp = ColumnType<Date, Date | undefined, Date>;

/** A password (`credential`), or somebody's account at the provider of single sign-on. */
export interface IdentityTable {
  id: Generated<string>;
  userId: string;
  providerId: string;
  /** Who they are there; the person's own id for a password. */
  accountId: string;
  /** Salted hash (scrypt). */
  password: string | null;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export interface PasskeyTable {
  id: Generated<string>;
  userId: string;
  name: string | null;
  createdAt: Timestamp;
}

export interface VerificationTable {
  id: Generated<string>;
  expiresAt: Date;
}

export interface SigningKeyTable {
  value: string;
}

export interface SignInTables {
  identities: IdentityTable;
  passkeys: PasskeyTable;
  verifications: VerificationTable;
  signingKey: SigningKeyTable;
}
