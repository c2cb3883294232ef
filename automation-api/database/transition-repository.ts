import { sql } from "kysely";
import type { Database } from "./connection.ts";

// Moves are recorded by the database itself, so that none can be forgotten.

/** One move of an operation, or of a store. */
export interface Transition {
  readonly at: Date;
  /** `undefined` for a move of the store. */
  readonly operationId: string | undefined;
  /** `undefined` for the first one. */
  readonly from: string | undefined;
  readonly to: string;
  /** Why it happened, as far as anybody said. */
  readonly cause: string | undefined;
}

/** Says why things move from here to the end of the transaction. Without it, the reason of what moves is the cause. */
export async function because(transaction: Database, cause: string): Promise<void> {
  await sql`select set_config('storefleet.cause', ${cause}, true)`.execute(transaction);
}

/** How a store and its operations have moved, in order. */
export async function transitionsOf(database: Database, storeId: string): Promise<Transition[]> {
  const rows = await database
    .selectFrom("transitions")
    .select(["at", "operationId", "fromStatus", "toStatus", "cause"])
    .where("storeId", "=", storeId)
    .orderBy("id")
    .execute();
  return rows.map(({ at, operationId, fromStatus, toStatus, cause }) => ({
    at,
    operationId: operationId ?? undefined,
    from: fromStatus ?? undefined,
    to: toStatus,
    cause: cause ?? undefined,
  }));
}
