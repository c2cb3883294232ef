import type { ColumnType, Generated } from "kysely";
import type { ClusterState, ClusterTarget } from "../contract/cluster.ts";

// The rows about clusters. Column names as in `tables.ts`.

/** A registered cluster. The home cluster has no row. */
export interface ClusterTable {
  id: Generated<string>;
  /** Unique, and never changed. */
  name: string;
  description: string;
  /** Sealed; see `sealer.ts`. */
  kubeconfig: string;
  /** Address of its API server. */
  server: string;
  context: string;
  /** What is otherwise there than at home. */
  target: ColumnType<ClusterTarget, string, string>;
  state: ColumnType<ClusterState, ClusterState | undefined, ClusterState>;
  /** What it answered last, and when. */
  serverVersion: ColumnType<string | null, string | null | undefined, string | null>;
  seenAt: ColumnType<Date | null, undefined, Date | null>;
  /** Since when it has not answered, and what came instead; `null` while it does. */
  awaySince: ColumnType<Date | null, undefined, Date | null>;
  trouble: ColumnType<string | null, undefined, string | null>;
  /** Grows by one with every change that a person makes; the ETag. */
  version: ColumnType<number, number | undefined, number>;
  createdBy: string;
  createdAt: ColumnType<Date, undefined, never>;
}

export interface ClusterTables {
  clusters: ClusterTable;
}
