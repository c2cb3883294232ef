import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { readWorld } from "./cluster/read-world.ts";
import type { Clusters } from "./clusters.ts";
import type { Config } from "./config.ts";
import { allClusters } from "./database/cluster-repository.ts";
import type { Connection } from "./database/connection.ts";
import { prune } from "./database/retention-repository.ts";
import { listStacks } from "./list-stacks.ts";
import { pruneHistory } from "./prune-history.ts";
import type { StackRunner } from "./stack-runner.ts";
import type { Elsewhere } from "./worker/elsewhere.ts";
import { every } from "./worker/every.ts";
import { reconcile } from "./worker/reconcile.ts";

// What a worker does beside its operations, now and then.

export interface HousekeepingOptions {
  readonly config: Pick<Config, "pulumi" | "workFolders" | "retentionDays" | "leaseSeconds">;
  readonly connection: Connection;
  readonly runner: StackRunner;
  readonly clusters: Clusters;
  readonly elsewhere: Elsewhere;
  readonly workerId: string;
  readonly logger: Logger;
}

/** Milliseconds between two comparisons, and between two rounds of forgetting. */
const COMPARE = 5 * 60_000;
const FORGET = 3600_000;
/** Milliseconds between two looks whether registered clusters answer. */
const PROBE = 30_000;
/** A start has better things to do in its first moments. */
const DELAY = 10_000;
/** What is left of a store that was deleted is left alone for so many seconds: somebody may be looking. */
const PATIENCE = 600;

/** Name of the store program's project. */
const PROJECT = "stores";

/** Compares our records with the world, and forgets what is long over, until it is stopped. */
export function startHousekeeping(options: HousekeepingOptions): { stop(): Promise<void> } {
  const { config, connection, runner, clusters, elsewhere, workerId, logger } = options;
  const { root, backendUrl, inherited, environment } = config.pulumi;
  const stacks = { pulumiRoot: root, project: PROJECT, workFolders: config.workFolders };
  const stopping = new AbortController();
  const isDelayed = sleep(DELAY, undefined, { signal: stopping.signal }).catch(() => {});
  const unlessStopping = (work: () => Promise<void>) => async () => {
    await isDelayed;
    if (!stopping.signal.aborted) await work();
  };
  const comparing = every(
    COMPARE,
    logger,
    unlessStopping(() =>
      reconcile({
        connection,
        readWorld: async (cluster) => readWorld((await clusters.find(cluster)).server),
        listStacks: () => listStacks({ ...stacks, environment: { ...inherited, ...environment } }),
        runner,
        elsewhere,
        workerId,
        leaseSeconds: config.leaseSeconds,
        patience: PATIENCE,
        logger,
      }),
    ),
  );
  const forgetting = every(
    FORGET,
    logger,
    unlessStopping(async () => {
      await prune(connection, config.retentionDays);
      pruneHistory(backendUrl, config.retentionDays, new Date());
    }),
  );
  const probing = every(
    PROBE,
    logger,
    unlessStopping(async () => {
      const registered = await allClusters(connection.database);
      await Promise.all(registered.map(({ name }) => elsewhere.isAway(name)));
    }),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all([comparing.stop(), forgetting.stop(), probing.stop()]);
    },
  };
}
