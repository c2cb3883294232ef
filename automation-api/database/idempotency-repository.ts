import { sql } from "kysely";
import type { Database } from "./connection.ts";

/** For how long a key is remembered. */
const remembered = sql<Date>`now() - interval '24 hours'`;

export interface IdempotencyRow {
  readonly requestHash: string;
  /** The operation that the first request started. */
  readonly operationId: string;
}

/**
 * Takes a key for an operation that is about to be queued, unless it was taken within the last day: then it gives what it was
 * taken for. Whoever takes the same key waits until the transaction ends.
 */
export async function takeIdempotencyKey(
  database: Database,
  entry: IdempotencyRow & { userId: string; key: string },
): Promise<IdempotencyRow | undefined> {
  const { userId, key, requestHash, operationId } = entry;
  const taken = await database
    .insertInto("idempotencyKeys")
    .values({ userId, key, requestHash, operationId })
    .onConflict((conflict) =>
      conflict
        .columns(["userId", "key"])
        .doUpdateSet({ requestHash, operationId, createdAt: sql<Date>`now()` })
        .where("idempotencyKeys.createdAt", "<=", remembered),
    )
    .returning("key")
    .executeTakeFirst();
  if (taken !== undefined) return undefined;
  return database
    .selectFrom("idempotencyKeys")
    .select(["requestHash", "operationId"])
    .where("userId", "=", userId)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
}

/** Lets a key that was just taken stand for an operation that was there already. */
export async function pointIdempotencyKey(
  database: Database,
  { userId, key, operationId }: { userId: string; key: string; operationId: string },
): Promise<void> {
  await database
    .updateTable("idempotencyKeys")
    .set({ operationId })
    .where("userId", "=", userId)
    .where("key", "=", key)
    .execute();
}

/** Removes keys that are older than a day. */
export async function removeOldIdempotencyKeys(database: Database): Promise<void> {
  await database.deleteFrom("idempotencyKeys").where("createdAt", "<=", remembered).execute();
}
