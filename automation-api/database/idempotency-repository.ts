import { sql } from "kysely";
import type { Database } from "./connection.ts";

/** For how long a key is remembered. */
const remembered = sql<Date>`now() - interval '24 hours'`;

export interface IdempotencyRow {
  readonly requestHash: string;
  /** The operation that the first request started. */
  readonly operationId: string;
}

/** What was answered to the first request with this key; `undefined` when there was none within the last day. */
export function findIdempotencyKey(
  database: Database,
  userId: string,
  key: string,
): Promise<IdempotencyRow | undefined> {
  return database
    .selectFrom("idempotencyKeys")
    .select(["requestHash", "operationId"])
    .where("userId", "=", userId)
    .where("key", "=", key)
    .where("createdAt", ">", remembered)
    .executeTakeFirst();
}

/** Remembers a key; one that is older than a day is replaced. */
export async function saveIdempotencyKey(
  database: Database,
  entry: { userId: string; key: string; requestHash: string; operationId: string },
): Promise<void> {
  await database
    .insertInto("idempotencyKeys")
    .values(entry)
    .onConflict((conflict) =>
      conflict.columns(["userId", "key"]).doUpdateSet({
        requestHash: entry.requestHash,
        operationId: entry.operationId,
        createdAt: sql<Date>`now()`,
      }),
    )
    .execute();
}

/** Removes keys that are older than a day. */
export async function removeOldIdempotencyKeys(database: Database): Promise<void> {
  await database.deleteFrom("idempotencyKeys").where("createdAt", "<=", remembered).execute();
}
