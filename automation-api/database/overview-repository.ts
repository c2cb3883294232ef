import { sql } from "kysely";
import type { Engine, Plan } from "../../stores/spec.ts";
import type { OperationKind, OperationStatus } from "../contract/operation.ts";
import type { StoreStatus } from "../contract/store.ts";
import type { Database } from "./connection.ts";
import { type OperationRow, operationsWithStores } from "./operation-reads-repository.ts";
import { type Reach, withSome } from "./organization-repository.ts";

/** Living stores by status. */
export async function countStores(database: Database, reach: Reach): Promise<Partial<Record<StoreStatus, number>>> {
  const rows = await database
    .selectFrom("stores")
    .select(["status", sql<number>`count(*)::int`.as("count")])
    .where("deletedAt", "is", null)
    .$if(reach !== "all", (query) => query.where("organizationId", "in", withSome(reach)))
    .groupBy("status")
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Operations that wait, and those that were begun and are not over. */
export async function countOpenOperations(
  database: Database,
  reach: Reach,
): Promise<{ queued: number; running: number }> {
  return database
    .selectFrom("operations")
    .where("status", "in", ["queued", "running", "interrupted"])
    .$if(reach !== "all", (query) =>
      query.where("storeId", "in", ({ selectFrom }) =>
        selectFrom("stores").select("id").where("organizationId", "in", withSome(reach)),
      ),
    )
    .select([
      sql<number>`(count(*) filter (where status = 'queued'))::int`.as("queued"),
      sql<number>`(count(*) filter (where status <> 'queued'))::int`.as("running"),
    ])
    .executeTakeFirstOrThrow();
}

/** Newest first. */
export function newestOfAll(database: Database, reach: Reach, limit: number): Promise<OperationRow[]> {
  return operationsWithStores(database)
    .$if(reach !== "all", (query) => query.where("stores.organizationId", "in", withSome(reach)))
    .orderBy("operations.queuedAt", "desc")
    .orderBy("operations.id", "desc")
    .limit(limit)
    .execute();
}

export interface FinishedRow {
  readonly id: string;
  readonly store: string;
  readonly kind: OperationKind;
  readonly engine: Engine;
  readonly plan: Plan;
  readonly status: OperationStatus;
  readonly finishedAt: Date;
  /** From being asked for to the end. */
  readonly seconds: number;
}

/** The last `limit` operations that came to an end, oldest first. */
export async function lastFinished(database: Database, reach: Reach, limit: number): Promise<FinishedRow[]> {
  const rows = await database
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select([
      "operations.id",
      "stores.name as store",
      "operations.kind",
      sql<Engine>`stores.spec ->> 'engine'`.as("engine"),
      sql<Plan>`stores.spec ->> 'plan'`.as("plan"),
      "operations.status",
      sql<Date>`operations.finished_at`.as("finishedAt"),
      sql<number>`extract(epoch from operations.finished_at - operations.queued_at)::float8`.as("seconds"),
    ])
    .where("operations.finishedAt", "is not", null)
    .$if(reach !== "all", (query) => query.where("stores.organizationId", "in", withSome(reach)))
    .orderBy("operations.finishedAt", "desc")
    .orderBy("operations.id")
    .limit(limit)
    .execute();
  return rows.reverse();
}
