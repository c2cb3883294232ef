import type { PodNews } from "../cluster/pod-news.ts";
import type { Tools } from "./carry-out.ts";

/** What work on stores of one cluster needs. */
export interface WorkPlace {
  readonly tools: Tools;
  /** Follows the pods of a store until the signal is aborted. */
  readonly watchPods: (store: string, onNews: (news: PodNews) => void, signal: AbortSignal) => Promise<void>;
}

/** The registered clusters, as workers need them. */
export interface Elsewhere {
  /** Throws ClusterUnreachable when there is no way to it. */
  place(cluster: string): Promise<WorkPlace>;
  /** Asks the cluster, and writes down whether it answers. */
  isAway(cluster: string): Promise<boolean>;
}

/** Where no cluster but home is known. */
export const nowhereElse: Elsewhere = {
  place: async (cluster) => {
    throw new Error(`This worker knows no cluster "${cluster}".`);
  },
  isAway: async () => true,
};

/** The cluster in which work was under way has gone away. The work waits for it; that is no failure. */
export class ClusterAway extends Error {
  override readonly name = "ClusterAway";
}
