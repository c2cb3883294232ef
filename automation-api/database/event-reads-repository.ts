import type { ProgressEvent } from "../contract/operation.ts";
import type { Database } from "./connection.ts";

/** Which events are wanted; what is left out does not matter. */
export interface EventFilter {
  readonly kind?: readonly ProgressEvent["kind"][] | undefined;
  readonly severity?: readonly ProgressEvent["severity"][] | undefined;
}

/** Events of an operation with a number above `after`, in order. */
export async function eventsAfter(
  database: Database,
  operationId: string,
  after: number,
  limit: number,
  { kind, severity }: EventFilter = {},
): Promise<ProgressEvent[]> {
  const rows = await database
    .selectFrom("progressEvents")
    .innerJoin("operations", "operations.id", "progressEvents.operationId")
    .select(["sequence", "at", "progressEvents.kind", "severity", "text", "progressEvents.status"])
    .select(["progressEvents.progress", "operations.correlationId"])
    .where("operationId", "=", operationId)
    .where("sequence", ">", after)
    .$if(kind !== undefined, (query) => query.where("progressEvents.kind", "in", [...(kind ?? [])]))
    .$if(severity !== undefined, (query) => query.where("severity", "in", [...(severity ?? [])]))
    .orderBy("sequence")
    .limit(limit)
    .execute();
  return rows.map(({ correlationId, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    ...(correlationId !== null && { correlationId }),
  }));
}
