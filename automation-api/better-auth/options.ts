import type { BetterAuthOptions } from "better-auth";
import { SESSION_COOKIE } from "../authentication.ts";
import { personNameSchema } from "../contract/people.ts";
import { PASSWORD_LENGTH } from "../contract/sign-in.ts";
import type { Connection } from "../database/connection.ts";
import { SINGLE_SIGN_ON } from "../database/identity-repository.ts";
import type { Way } from "../database/sign-in-tables.ts";
import { SESSION_SECONDS } from "../use-cases/sessions.ts";
import { ADDRESS_HEADER } from "./ask.ts";
import { sessionStorage } from "./sessions.ts";

export interface AuthOptions {
  readonly connection: Connection;
  /** Origin at which people reach the dashboard. */
  readonly publicOrigin: string;
  /** Told about what nobody else hears. */
  readonly onTrouble: (error: unknown) => void;
}

/** Below it better-auth thinks that it answers; only the way back from single sign-on is really there. */
export const BASE_PATH = "/api/v1/sign-in";

/** How a session begins, by the endpoint that begins it. */
const ways: Readonly<Record<string, Way>> = {
  "/sign-in/email": "password",
  "/passkey/verify-authentication": "passkey",
  "/callback/:id": "single sign-on",
};

const times = { createdAt: "created_at", updatedAt: "updated_at" };

/** Our names for what better-auth keeps. */
const tables = {
  user: { modelName: "users", fields: { emailVerified: "email_verified", ...times } },
  verification: { modelName: "verifications", fields: { expiresAt: "expires_at", ...times }, storeInDatabase: true },
} satisfies BetterAuthOptions;

const identities = {
  modelName: "identities",
  fields: {
    userId: "user_id",
    providerId: "provider_id",
    accountId: "account_id",
    accessToken: "access_token",
    refreshToken: "refresh_token",
    idToken: "id_token",
    accessTokenExpiresAt: "access_token_expires_at",
    refreshTokenExpiresAt: "refresh_token_expires_at",
    ...times,
  },
} satisfies BetterAuthOptions["account"];

/** Names of the columns of a passkey; its plugin has a table of its own. */
export const passkeyTable = {
  passkey: {
    modelName: "passkeys",
    fields: {
      publicKey: "public_key",
      userId: "user_id",
      credentialID: "credential_id",
      deviceType: "device_type",
      backedUp: "backed_up",
      createdAt: "created_at",
    },
  },
};

/** We ask the provider who somebody is, and nothing after that: what would let us ask more is not kept. */
const withoutTokens = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
};

/** A provider may call people anything. */
function usableName(name: string, email: string): string {
  const parsed = personNameSchema.safeParse(name.slice(0, 60));
  return parsed.success ? parsed.data : (email.split("@")[0] ?? "somebody").slice(0, 60);
}

const databaseHooks = {
  user: {
    create: { before: async (user) => ({ data: { ...user, name: usableName(user.name, user.email) } }) },
  },
  account: {
    create: { before: async (account) => ({ data: { ...account, ...withoutTokens } }) },
    update: { before: async (account) => ({ data: { ...account, ...withoutTokens } }) },
  },
  session: {
    create: {
      before: async (session, context) => ({ data: { ...session, way: ways[context?.path ?? ""] } }),
    },
  },
} satisfies BetterAuthOptions["databaseHooks"];

/**
 * What every use of better-auth here has in common: our database, our tables, our sessions. Attempts are counted, cookies
 * of sessions written and strange origins refused by ourselves, before it hears of a request; it reports nothing to
 * anybody.
 */
export function authOptions({ connection, publicOrigin, onTrouble }: AuthOptions, secret: string) {
  return {
    appName: "Storefleet",
    baseURL: publicOrigin,
    basePath: BASE_PATH,
    secret,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      log: (level, message) => {
        if (level === "error") onTrouble(new Error(`Signing in: ${message}`));
      },
    },
    database: { db: connection.database.withoutPlugins(), type: "postgres", transaction: true },
    secondaryStorage: sessionStorage(connection.database),
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    ...tables,
    account: {
      ...identities,
      updateAccountOnSignIn: false,
      // Who owns an address elsewhere does not own the person here: they sign in, and then connect the two.
      accountLinking: {
        disableImplicitLinking: true,
        trustedProviders: [SINGLE_SIGN_ON],
        allowDifferentEmails: true,
      },
    },
    databaseHooks,
    emailAndPassword: {
      enabled: true,
      // People are made by our own use cases.
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.least,
      maxPasswordLength: PASSWORD_LENGTH.most,
    },
    onAPIError: { errorURL: `${publicOrigin}/refused` },
    advanced: {
      database: { generateId: "uuid" },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      cookiePrefix: "storefleet",
      useSecureCookies: false,
      defaultCookieAttributes: { secure: publicOrigin.startsWith("https:") },
      cookies: { session_token: { name: SESSION_COOKIE } },
    },
  } satisfies BetterAuthOptions;
}
