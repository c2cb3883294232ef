import { sql } from "kysely";
import type { OperationStatus } from "../../automation-api/contract/operation.ts";
import type { StoreStatus } from "../../automation-api/contract/store.ts";
import type { Connection } from "../../automation-api/database/connection.ts";

// Writes what a worker would write, so that the API can be tested without one.

/** Saves the next event of an operation, with its status, and says so, in one transaction. */
export async function writeEvent(
  { database }: Connection,
  operationId: string,
  text: string,
  status: OperationStatus = "running",
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    // The database lets nothing end that has not begun.
    await transaction
      .updateTable("operations")
      .set({ status: "running" })
      .where("id", "=", operationId)
      .where("status", "in", ["queued", "interrupted"])
      .execute();
    const final = status === "succeeded" || status === "failed" || status === "cancelled";
    const { progress } = await transaction
      .updateTable("operations")
      .set({ status, ...(final && { finishedAt: new Date() }), ...(status === "running" && { startedAt: new Date() }) })
      .where("id", "=", operationId)
      .returning("progress")
      .executeTakeFirstOrThrow();
    await transaction
      .insertInto("progressEvents")
      .values({
        operationId,
        sequence: sql<number>`(select max(sequence) + 1 from progress_events where operation_id = ${operationId}::uuid)`,
        kind: "message",
        severity: "info",
        text,
        status,
        progress: JSON.stringify(progress),
      })
      .execute();
    await sql`select pg_notify('progress', ${operationId})`.execute(transaction);
  });
}

/** Ends an operation, and leaves its store in a status. */
export async function finish(
  connection: Connection,
  operationId: string,
  status: OperationStatus,
  store: { status: StoreStatus; outputs?: Record<string, unknown>; reason?: string },
): Promise<void> {
  const ofOperation = connection.database.selectFrom("operations").select("storeId").where("id", "=", operationId);
  if (store.status === "deleted") {
    await connection.database
      .updateTable("stores")
      .set({ status: "deleting" })
      .where("id", "=", ofOperation)
      .where("status", "<>", "deleted")
      .execute();
  }
  await connection.database
    .updateTable("stores")
    .set({
      status: store.status,
      reason: store.reason ?? null,
      ...(store.outputs && { outputs: JSON.stringify(store.outputs) }),
      ...(store.status === "deleted" && { deletedAt: new Date() }),
    })
    .where("id", "=", ofOperation)
    .execute();
  // Last: whoever watches looks at the store when the operation is over.
  await writeEvent(connection, operationId, `The operation ${status}.`, status);
}
