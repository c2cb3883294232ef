import { setTimeout as sleep } from "node:timers/promises";
import { troubleOf } from "./cluster/check-cluster.ts";
import { createCredentialsReader } from "./cluster/credentials-reader.ts";
import { requireVersion } from "./cluster/inspect-cluster.ts";
import { leftOfStore } from "./cluster/left-of-store.ts";
import { watchStore } from "./cluster/watch-store.ts";
import type { Clusters, FleetCluster } from "./clusters.ts";
import { noteAway, noteSeen } from "./database/cluster-repository.ts";
import { type Database, isDatabaseUnreachable } from "./database/connection.ts";
import { inCluster, type StackRunner } from "./stack-runner.ts";
import type { Elsewhere, WorkPlace } from "./worker/elsewhere.ts";

/** Before a cluster counts as away it is asked twice, so many milliseconds apart. */
const PAUSE = 500;

/** What work on stores of a cluster needs, home or not. */
export function workPlaceOf(cluster: FleetCluster, runner: StackRunner): WorkPlace {
  const { server, target, request, kubeconfig } = cluster;
  return {
    tools: {
      runner: kubeconfig === undefined ? runner : inCluster(runner, kubeconfig),
      target,
      request,
      readCredentials: createCredentialsReader(server),
      leftOf: (store) => leftOfStore(server, store),
    },
    watchPods: (store, onNews, signal) => watchStore(async () => server, { store, onNews, signal }),
  };
}

/** The registered clusters, as workers need them. */
export function createElsewhere(clusters: Clusters, database: Database, runner: StackRunner): Elsewhere {
  const versionOf = async (name: string) => requireVersion((await clusters.find(name)).server);
  return {
    place: async (name) => workPlaceOf(await clusters.find(name), runner),
    async isAway(name) {
      try {
        const version = await versionOf(name).catch(() => sleep(PAUSE).then(() => versionOf(name)));
        await noteSeen(database, name, version);
        return false;
      } catch (error) {
        // Then nothing is known about any cluster.
        if (isDatabaseUnreachable(error)) throw error;
        await noteAway(database, name, troubleOf(error));
        return true;
      }
    },
  };
}
