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
    .select(["stores.rotation", "stores.cluster"])
    .select(["operations.correlationId", "operations.traceparent"])
    .where("operations.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { kind, cancelRequestedAt, storeId, spec, rotation, cluster } = row;
  return {
    id,
    kind,
    state: stateOf(row),
    cancelRequested: cancelRequestedAt !== null,
    store: { id: storeId, spec, rotation, cluster },
    correlationId: row.correlationId ?? undefined,
    traceparent: row.traceparent ?? undefined,
  };
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

/** Which of the runs that were found on a machine nobody works on any more: runs of operations that we know. */
export async function staleRuns(
  database: Database,
  runs: readonly { readonly operation: string; readonly fencing: string | undefined }[],
): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  const rows = await database
    .selectFrom("operations")
    .select(["id", "status", "fencing"])
    .where("id", "in", [...new Set(runs.map(({ operation }) => operation))])
    .execute();
  const current = new Map(rows.map((row) => [row.id, row.status === "running" ? row.fencing : undefined]));
  const stale = runs.filter(({ operation, fencing }) => {
    const holder = current.get(operation);
    return current.has(operation) && (holder === undefined || holder !== fencing);
  });
  return new Set(stale.map(({ operation, fencing }) => runKey(operation, fencing)));
}

/** Tells one run of an operation from the others. */
export function runKey(operation: string, fencing: string | undefined): string {
  return `${operation} ${fencing ?? ""}`;
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
