import type { BetterAuthOptions } from "better-auth";
import { z } from "zod";
import type { Database } from "../database/connection.ts";
import { deleteSessionBySecret, findSession, insertSession } from "../database/session-repository.ts";
import { WAYS } from "../database/sign-in-tables.ts";
import { hashOf } from "../use-cases/secrets.ts";

type Storage = NonNullable<BetterAuthOptions["secondaryStorage"]>;

/** What better-auth keeps of a session, as far as we keep it. */
const kept = z.object({
  session: z.object({
    userId: z.uuid(),
    expiresAt: z.coerce.date(),
    ipAddress: z.string().optional(),
    userAgent: z.string().optional(),
    way: z.enum(WAYS),
  }),
});

/** It would keep lists of sessions here, and what is under way: the first are not needed, the second has a table. */
const isOther = (key: string) => /^(active-sessions-|revoked-sessions-|verification:)/.test(key);

/**
 * Gives better-auth our sessions for its own: the same rows, of which only hashes are kept, whoever begins them.
 */
export function sessionStorage(database: Database): Storage {
  const get = async (secret: string): Promise<string | null> => {
    const row = isOther(secret) ? undefined : await findSession(database, hashOf(secret));
    if (row === undefined) return null;
    const { id, userId, createdAt, expiresAt } = row;
    const session = { id, userId, token: secret, createdAt, updatedAt: createdAt, expiresAt };
    // It takes the address for granted, and asks nobody by it.
    const times = { createdAt, updatedAt: createdAt };
    const user = { id: userId, name: row.userName, email: row.email ?? "", emailVerified: false, ...times };
    return JSON.stringify({ session, user });
  };
  const remove = (secret: string) =>
    isOther(secret) ? Promise.resolve() : deleteSessionBySecret(database, hashOf(secret));
  return {
    get,
    set: async (secret, value) => {
      if (isOther(secret)) return;
      const { userId, expiresAt, ipAddress, userAgent, way } = kept.parse(JSON.parse(value)).session;
      const from = { address: ipAddress || null, agent: userAgent?.slice(0, 200) || null };
      await insertSession(database, { hash: hashOf(secret), userId, expiresAt, way, ...from });
    },
    delete: remove,
    getAndDelete: async (secret) => {
      const found = await get(secret);
      await remove(secret);
      return found;
    },
    increment: () => {
      throw new Error("Attempts are counted by ourselves.");
    },
  };
}
