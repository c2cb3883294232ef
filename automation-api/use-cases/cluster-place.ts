import type { Target } from "../../stores/target.ts";
import { targetIn } from "../clusters.ts";
import type { Config } from "../config.ts";
import { HOME } from "../contract/cluster.ts";
import { findCluster, holdCluster } from "../database/cluster-repository.ts";
import type { Database } from "../database/connection.ts";
import { DomainError } from "./domain-error.ts";

/** Where the stores of a cluster run, and by which context a person gets there. */
export interface ClusterPlace {
  readonly target: Target;
  readonly context: string;
}

/** Throws a DomainError when the cluster is not registered any more. */
export async function placeOf(
  database: Database,
  config: Pick<Config, "target" | "cluster">,
  cluster: string,
): Promise<ClusterPlace> {
  if (cluster === HOME) return { target: config.target, context: config.cluster.context };
  const row = await findCluster(database, cluster);
  if (row === undefined)
    throw new DomainError("conflict", `The store's cluster "${cluster}" is not registered any more.`);
  return { target: targetIn(config.target, row), context: row.context };
}

/**
 * Where a new store would run. Until the transaction ends, the cluster is neither drained nor forgotten. Throws a DomainError
 * when there is no such cluster, or it takes no new stores.
 */
export async function placeForNew(transaction: Database, home: Target, cluster: string): Promise<Target> {
  if (cluster === HOME) return home;
  const row = await holdCluster(transaction, cluster, "share");
  if (row === undefined) throw notTaken(`There is no cluster "${cluster}"; leave it out, or choose another one.`);
  if (row.state === "active") return targetIn(home, row);
  throw notTaken(`The cluster "${cluster}" takes no new stores; leave it out, or choose another one.`);
}

function notTaken(message: string): DomainError {
  return new DomainError("mismatch", message, { type: "cluster-not-taken", errors: [{ field: "cluster", message }] });
}
