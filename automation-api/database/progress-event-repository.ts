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
  const last = await transaction
    .selectFrom("progressEvents")
    .select(["sequence", "at", "text"])
    .where("operationId", "=", operationId)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  const newest = events.at(-1);
  // Saved before, by a transaction whose answer was lost with the connection: whoever writes tries again.
  const isSaved = last?.text === newest?.text && last?.at.getTime() === newest?.at.getTime();
  if (newest !== undefined && !isSaved) {
    const rows = events.map(({ progress, ...event }, index) => ({
      ...event,
      operationId,
      sequence: (last?.sequence ?? 0) + index + 1,
      progress: JSON.stringify(progress),
    }));
    await transaction.insertInto("progressEvents").values(rows).execute();
  }
  // Delivered when the transaction is committed, so nobody looks for rows that are not there yet.
  await sql`select pg_notify('progress', ${operationId})`.execute(transaction);
}
