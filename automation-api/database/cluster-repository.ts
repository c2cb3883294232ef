import { type Selectable, sql } from "kysely";
import type { ClusterState, ClusterTarget } from "../contract/cluster.ts";
import type { ClusterTable } from "./cluster-tables.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, textOrder } from "./page.ts";

export type ClusterRow = Selectable<ClusterTable>;

/** The constraint that refuses a second cluster of a name; see `isTaken`. */
export const CLUSTER_NAME = "clusters_name_key";

/** `stores`: how many living ones are in it. */
export type CountedCluster = ClusterRow & { readonly stores: number };

const counted = (database: Database) =>
  database
    .selectFrom("clusters")
    .selectAll()
    .select(
      sql<number>`(select count(*)::int from stores where deleted_at is null and cluster = clusters.name)`.as("stores"),
    );

/** One page by name. */
export function listClusters(database: Database, page: PageOfRows) {
  return paged(counted(database), textOrder("name", "id"), page).execute();
}

/** Every registered cluster, by name. */
export function allClusters(database: Database): Promise<ClusterRow[]> {
  return database.selectFrom("clusters").selectAll().orderBy("name").execute();
}

export function findCluster(database: Database, name: string): Promise<ClusterRow | undefined> {
  return database.selectFrom("clusters").selectAll().where("name", "=", name).executeTakeFirst();
}

/**
 * The same, as it stays until the transaction ends.
 * @param how `share`: others may hold it so, too; `update`: nobody else
 */
export function holdCluster(
  database: Database,
  name: string,
  how: "share" | "update",
): Promise<ClusterRow | undefined> {
  const row = database.selectFrom("clusters").selectAll().where("name", "=", name);
  return (how === "share" ? row.forShare() : row.forUpdate()).executeTakeFirst();
}

export function findCountedCluster(database: Database, name: string): Promise<CountedCluster | undefined> {
  return counted(database).where("name", "=", name).executeTakeFirst();
}

export async function insertCluster(
  database: Database,
  cluster: Pick<ClusterRow, "name" | "description" | "kubeconfig" | "server" | "context" | "target" | "createdBy">,
): Promise<void> {
  await database
    .insertInto("clusters")
    .values({ ...cluster, target: JSON.stringify(cluster.target) })
    .execute();
}

export interface ClusterChange {
  readonly description?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly server?: string | undefined;
  readonly context?: string | undefined;
  readonly target?: ClusterTarget | undefined;
  readonly state?: ClusterState | undefined;
}

/** What is left out stays as it is. */
export async function changeClusterRow(database: Database, name: string, change: ClusterChange): Promise<void> {
  const { target, ...rest } = change;
  await database
    .updateTable("clusters")
    .set({ ...rest, ...(target !== undefined && { target: JSON.stringify(target) }) })
    .set({ version: sql<number>`version + 1` })
    .where("name", "=", name)
    .execute();
}

/** Replaces the sealed text by another one that says the same; for everybody else the cluster has not changed. */
export async function setSealedKubeconfig(database: Database, name: string, kubeconfig: string): Promise<void> {
  await database.updateTable("clusters").set({ kubeconfig }).where("name", "=", name).execute();
}

export async function deleteCluster(database: Database, name: string): Promise<void> {
  await database.deleteFrom("clusters").where("name", "=", name).execute();
}

/** Writes down that a cluster answered, as which version. */
export async function noteSeen(database: Database, name: string, serverVersion: string): Promise<void> {
  await database
    .updateTable("clusters")
    .set({ serverVersion, seenAt: sql<Date>`clock_timestamp()`, awaySince: null, trouble: null })
    .where("name", "=", name)
    .execute();
}

/** Writes down that a cluster did not answer; since when stays what it is. */
export async function noteAway(database: Database, name: string, trouble: string): Promise<void> {
  await database
    .updateTable("clusters")
    .set({ trouble, awaySince: sql<Date>`coalesce(away_since, clock_timestamp())` })
    .where("name", "=", name)
    .execute();
}
