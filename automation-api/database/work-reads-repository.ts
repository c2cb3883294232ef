import { sql } from "kysely";
import type { Engine, Plan } from "../../stores/spec.ts";
import type { OperationKind, Progress } from "../contract/operation.ts";
import { stateOf } from "../domain/operation.ts";
import type { Database } from "./connection.ts";
import type { Work } from "./operation-repository.ts";

// What workers ask about operations.

export async function findWork(database: Database, id: string): Promise<Work | undefined> {
  const row = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(["operations.id", "operations.kind", "operations.status", "operations.attempt", "operations.workerId"])
    .select(["operations.reason", "operations.cancelRequestedAt", "operations.storeId", "stores.spec"])
    .where("operations.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { kind, cancelRequestedAt, storeId, spec } = row;
  return { id, kind, state: stateOf(row), cancelRequested: cancelRequestedAt !== null, store: { id: storeId, spec } };
}

/** Those among running operations that somebody has asked to cancel. */
export async function cancelRequests(database: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await database
    .selectFrom("operations")
    .select("id")
    .where("id", "in", [...ids])
    .where("cancelRequestedAt", "is not", null)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many earlier operations tell how long steps take. */
const EARLIER = 20;

/** Progress of the newest operations of a kind that succeeded at once, on stores of an engine and a plan. */
export async function earlierProgress(
  database: Database,
  like: { kind: OperationKind; engine: Engine; plan: Plan },
): Promise<Progress[]> {
  const rows = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select("operations.progress")
    .where("operations.kind", "=", like.kind)
    .where("operations.status", "=", "succeeded")
    .where("operations.attempt", "=", 1)
    .where(sql`stores.spec ->> 'engine'`, "=", like.engine)
    .where(sql`stores.spec ->> 'plan'`, "=", like.plan)
    .orderBy("operations.queuedAt", "desc")
    .limit(EARLIER)
    .execute();
  return rows.map(({ progress }) => progress);
}
