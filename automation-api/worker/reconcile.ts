import type { Logger } from "pino";
import { HOME } from "../contract/cluster.ts";
import { allClusters } from "../database/cluster-repository.ts";
import type { Connection } from "../database/connection.ts";
import { type PlacedProblem, replaceFindings } from "../database/finding-repository.ts";
import { releaseLease, takeLease } from "../database/lease-repository.ts";
import {
  type ComparedStore,
  comparedStores,
  type DeletedStore,
  deletedNames,
  unlessDoneElsewhere,
} from "../database/reconcile-repository.ts";
import { compare, type FoundProblem, type World } from "../domain/reconcile.ts";
import type { StackRunner } from "../stack-runner.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { createRunLease } from "./run-lease.ts";
import { createStop } from "./stop.ts";

export interface ReconcileDependencies {
  readonly connection: Connection;
  /** What there is in a cluster. Throws ClusterUnreachable; then nothing is said about anything in it. */
  readonly readWorld: (cluster: string) => Promise<Omit<World, "stacks">>;
  readonly listStacks: () => Promise<readonly string[]>;
  readonly runner: Pick<StackRunner, "destroy">;
  /** The registered clusters. */
  readonly elsewhere: Elsewhere;
  /** Id of this worker. */
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** Seconds for which what is left of a deleted store is left alone. */
  readonly patience: number;
  readonly logger: Logger;
}

/**
 * Compares our records with each cluster and with Pulumi's state, writes down what does not agree, and removes what is proved to
 * be ours and abandoned: stacks of stores that we have deleted. One worker at a time does so.
 */
export async function reconcile(dependencies: ReconcileDependencies): Promise<void> {
  const { connection, logger } = dependencies;
  await unlessDoneElsewhere(connection, "reconcile", async () => {
    const before = await comparedStores(connection.database);
    const stacks = await dependencies.listStacks();
    const clusters = [HOME, ...(await allClusters(connection.database)).map(({ name }) => name)];
    const worlds = await Promise.all(clusters.map((cluster) => worldIn(dependencies, cluster)));
    const deleted = await deletedNames(connection.database, dependencies.patience);
    const stores = settled(before, await comparedStores(connection.database));
    const compared = worlds.flatMap(({ cluster, world }) => {
      return world === undefined ? [] : [comparedIn(cluster, { stores, deleted }, { ...world, stacks })];
    });
    const unseen = worlds.filter(({ world }) => world === undefined).map(({ cluster }) => cluster);
    const away = unseen.filter((cluster) => cluster !== HOME).map(clusterAway);
    const findings = [...compared.flatMap((each) => each.findings), ...away];
    const abandonedStacks = compared.flatMap((each) => each.abandonedStacks);
    await replaceFindings(connection, findings, unseen);
    if (findings.length > 0) logger.info({ findings: findings.length }, "not everything is as it should be");
    for (const stack of abandonedStacks) {
      await removeAbandoned(dependencies, stack, deleted.get(stack)).catch((error: unknown) => {
        logger.warn({ err: error, stack }, "an abandoned stack could not be removed; it is tried again");
      });
    }
  });
}

interface WorldIn {
  readonly cluster: string;
  /** `undefined`: it cannot be looked at. */
  readonly world: Omit<World, "stacks"> | undefined;
}

async function worldIn({ readWorld, logger }: ReconcileDependencies, cluster: string): Promise<WorldIn> {
  try {
    return { cluster, world: await readWorld(cluster) };
  } catch (error) {
    logger.warn({ err: error, cluster }, "a cluster cannot be compared with our records");
    return { cluster, world: undefined };
  }
}

interface Known {
  readonly stores: readonly ComparedStore[];
  readonly deleted: ReadonlyMap<string, DeletedStore>;
}

/** Stacks are looked at once, with the home cluster: they are in no cluster. */
function comparedIn(cluster: string, { stores, deleted }: Known, world: World) {
  const isHome = cluster === HOME;
  const [own, others] = [
    stores.filter((store) => store.cluster === cluster),
    stores.filter((store) => store.cluster !== cluster),
  ];
  const elsewhere = new Set(isHome ? others.map(({ name }) => name) : world.stacks);
  const { findings, abandonedStacks } = compare({ stores: own, deleted: new Set(deleted.keys()), elsewhere }, world);
  return { abandonedStacks, findings: findings.map((found) => placed(found, cluster)) };
}

/** Namespaces and volumes of a name can be in several clusters; names of stores are unique. */
function placed(found: FoundProblem, cluster: string): PlacedProblem {
  if (cluster === HOME) return { ...found, cluster };
  const subject = found.kind.startsWith("orphan-") ? `${cluster}: ${found.subject}` : found.subject;
  return { ...found, subject, text: `In the cluster "${cluster}": ${found.text}`, cluster };
}

function clusterAway(cluster: string): PlacedProblem {
  const text = `The cluster "${cluster}" cannot be looked at; how its stores are is not known, and what is to be done with them waits. Test it under Clusters.`;
  return { kind: "cluster-away", subject: cluster, text, cluster };
}

/** Every store that was there before or after the world was read; those that changed in between count as busy. */
function settled(before: readonly ComparedStore[], after: readonly ComparedStore[]): ComparedStore[] {
  const versions = new Map(before.map((store) => [store.name, store]));
  const changed = after.map((store) => {
    const earlier = versions.get(store.name);
    const isSame = earlier !== undefined && earlier.version === store.version && !earlier.isBusy;
    return { ...store, isBusy: store.isBusy || !isSame };
  });
  const names = new Set(after.map(({ name }) => name));
  return [...changed, ...before.filter(({ name }) => !names.has(name)).map((store) => ({ ...store, isBusy: true }))];
}

/**
 * Destroys a stack under the lease of the store it was of. A store of the same name that is just being asked for meets Pulumi's
 * lock on the stack and begins after it, as with any run.
 */
async function removeAbandoned(
  dependencies: ReconcileDependencies,
  stack: string,
  store: DeletedStore | undefined,
): Promise<void> {
  const { connection, workerId, leaseSeconds, patience, logger } = dependencies;
  const isStill = (await deletedNames(connection.database, patience)).get(stack)?.id === store?.id;
  if (store === undefined || !isStill) return;
  const runner =
    store.cluster === HOME ? dependencies.runner : (await dependencies.elsewhere.place(store.cluster)).tools.runner;
  const lease = await takeLease(connection.database, store.id, workerId, leaseSeconds);
  if (lease === undefined) return;
  const grace = { cancel: 0, shutdown: 0, silence: 0, deadline: 0, away: 0 };
  const stop = createStop({ kill: async () => {}, grace, onError: () => {} });
  try {
    await runner.destroy(stack, { lease: createRunLease(dependencies, lease, stop), signal: stop.signal });
    logger.warn({ stack }, "removed the stack of a store that was deleted");
  } finally {
    stop.release();
    await releaseLease(connection.database, lease);
  }
}
