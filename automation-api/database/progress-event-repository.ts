import { sql } from "kysely";
import type { OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import type { Database } from "./connection.ts";

/** One line that is to be saved. */
export interface NewProgressEvent {
  readonly at: Date;
  readonly kind: ProgressEvent["kind"];
  readonly severity: ProgressEvent["severity"];
  readonly text: string;
  readonly status: OperationStatus;
  readonly progress: Progress;
}

/**
 * Saves lines behind those an operation has, numbered without gaps, and publishes that there are some. Belongs in a
 * transaction that has written to the operation's row before: that is what keeps two writers apart.
 */
export async function appendEvents(
  transaction: Database,
  operationId: string,
  events: readonly NewProgressEvent[],
): Promise<void> {
  if (events.length > 0) {
    const { last } = await transaction
      .selectFrom("progressEvents")
      .select(({ fn }) => fn.coalesce(fn.max("sequence"), sql.lit(0)).as("last"))
      .where("operationId", "=", operationId)
      .executeTakeFirstOrThrow();
    const rows = events.map(({ progress, ...event }, index) => ({
      ...event,
      operationId,
      sequence: last + index + 1,
      progress: JSON.stringify(progress),
    }));
    await transaction.insertInto("progressEvents").values(rows).execute();
  }
  // Delivered when the transaction is committed, so nobody looks for rows that are not there yet.
  await sql`select pg_notify('progress', ${operationId})`.execute(transaction);
}
