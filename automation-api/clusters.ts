import type { Request } from "../stores/engines/engine.ts";
import { parseTarget, type Target } from "../stores/target.ts";
import { type ApiServer, ClusterUnreachable, connectBy } from "./cluster/api-server.ts";
import { guarded, guardedCluster } from "./cluster/guarded-cluster.ts";
import { accessOfContent } from "./cluster/kubeconfig.ts";
import type { Config } from "./config.ts";
import { HOME } from "./contract/cluster.ts";
import { type ClusterRow, findCluster } from "./database/cluster-repository.ts";
import type { Database } from "./database/connection.ts";
import { loopbackFetch, storeFetch } from "./loopback-fetch.ts";
import { createSealer, SealBroken, type Sealer, type SealingKeys } from "./sealer.ts";

/** A way to a cluster for processes of Pulumi's. */
export interface KubeconfigText {
  readonly content: string;
  readonly context: string;
}

/** A cluster in which stores run, and how it is reached. */
export interface FleetCluster {
  readonly name: string;
  /** Behind a circuit breaker of its own. */
  readonly server: ApiServer;
  /** Where stores run in it. */
  readonly target: Target;
  /** How stores are called in it. */
  readonly request: Request;
  /** `undefined` for the home cluster: Pulumi's processes know it. */
  readonly kubeconfig: KubeconfigText | undefined;
  /** Of its context, where a person needs it. */
  readonly context: string;
}

/** The clusters of the fleet. */
export interface Clusters {
  readonly home: FleetCluster;
  /** Throws ClusterUnreachable when no such cluster is registered, or its kubeconfig cannot be opened. */
  find(name: string): Promise<FleetCluster>;
  close(): void;
}

export interface ClustersOptions {
  readonly home: FleetCluster;
  readonly database: Database;
  /** `undefined`: there is no key, and so no cluster but home. */
  readonly sealer: Sealer | undefined;
}

/** What a kubeconfig of a cluster is sealed as. */
export const kubeconfigOf = (cluster: string) => `kubeconfig of ${cluster}`;

/** Where stores run in a registered cluster: as at home, but for what was set. Throws a SettingsProblem. */
export function targetIn(home: Target, cluster: Pick<ClusterRow, "target">): Target {
  return parseTarget({ ...home, ...cluster.target });
}

/** Looks each cluster up whenever it is asked for, and keeps connections and circuit breakers while it is unchanged. */
export function createClusters({ home, database, sealer }: ClustersOptions): Clusters {
  const known = new Map<string, { readonly key: string; readonly cluster: FleetCluster }>();

  function made(row: ClusterRow): FleetCluster {
    const content = opened(row, sealer);
    const { name, context } = row;
    return {
      name,
      server: guarded(async () => connectBy(accessOfContent(content, context))),
      target: targetIn(home.target, row),
      request: loopbackFetch,
      kubeconfig: { content, context },
      context,
    };
  }

  return {
    home,
    async find(name) {
      if (name === HOME) return home;
      const row = await findCluster(database, name);
      if (row === undefined) throw new ClusterUnreachable(`No cluster is registered as "${name}" any more.`);
      const key = `${row.id} ${row.version}`;
      const before = known.get(name);
      if (before?.key === key) return before.cluster;
      const cluster = made(row);
      before?.cluster.server.close();
      known.set(name, { key, cluster });
      return cluster;
    },
    close() {
      for (const { cluster } of known.values()) cluster.server.close();
      known.clear();
    },
  };
}

/** What kubeconfigs are sealed with; `undefined` without a key. */
export function sealerOf(keys: SealingKeys | undefined): Sealer | undefined {
  return keys && createSealer(keys, "kubeconfigs");
}

/** The clusters of a process, and what kubeconfigs are sealed with. */
export function openClusters(
  {
    cluster,
    target,
    ingressAddress,
    sealingKeys,
  }: Pick<Config, "cluster" | "target" | "ingressAddress" | "sealingKeys">,
  database: Database,
): { clusters: Clusters; sealer: Sealer | undefined } {
  const sealer = sealerOf(sealingKeys);
  const server = guardedCluster(cluster);
  const { context } = cluster;
  const home = { name: HOME, server, target, request: storeFetch(ingressAddress), kubeconfig: undefined, context };
  return { clusters: createClusters({ home, database, sealer }), sealer };
}

function opened({ name, kubeconfig }: ClusterRow, sealer: Sealer | undefined): string {
  const advice = `Give the cluster "${name}" its kubeconfig anew.`;
  if (sealer === undefined) throw new ClusterUnreachable(`There is no key to open kubeconfigs with. ${advice}`);
  try {
    return sealer.open(kubeconfig, kubeconfigOf(name));
  } catch (cause) {
    if (!(cause instanceof SealBroken)) throw cause;
    throw new ClusterUnreachable(`The kubeconfig cannot be opened with the key of this service. ${advice}`, { cause });
  }
}
