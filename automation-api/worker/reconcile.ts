import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { replaceFindings } from "../database/finding-repository.ts";
import { releaseLease, takeLease } from "../database/lease-repository.ts";
import {
  type ComparedStore,
  comparedStores,
  deletedNames,
  unlessDoneElsewhere,
} from "../database/reconcile-repository.ts";
import { compare, type World } from "../domain/reconcile.ts";
import type { StackRunner } from "../stack-runner.ts";
import { createRunLease } from "./run-lease.ts";
import { createStop } from "./stop.ts";

export interface ReconcileDependencies {
  readonly connection: Connection;
  /** What there is in the cluster. Throws ClusterUnreachable; then nothing is said about anything. */
  readonly readWorld: () => Promise<Omit<World, "stacks">>;
  readonly listStacks: () => Promise<readonly string[]>;
  readonly runner: Pick<StackRunner, "destroy">;
  /** Id of this worker. */
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** Seconds for which what is left of a deleted store is left alone. */
  readonly patience: number;
  readonly logger: Logger;
}

/**
 * Compares our records with the cluster and with Pulumi's state, writes down what does not agree, and removes what is proved to
 * be ours and abandoned: stacks of stores that we have deleted. One worker at a time does so.
 */
export async function reconcile(dependencies: ReconcileDependencies): Promise<void> {
  const { connection, logger } = dependencies;
  await unlessDoneElsewhere(connection, "reconcile", async () => {
    const before = await comparedStores(connection.database);
    const stacks = await dependencies.listStacks();
    const world = { ...(await dependencies.readWorld()), stacks };
    const deleted = await deletedNames(connection.database, dependencies.patience);
    const stores = settled(before, await comparedStores(connection.database));
    const { findings, abandonedStacks } = compare({ stores, deleted: new Set(deleted.keys()) }, world);
    await replaceFindings(connection, findings);
    if (findings.length > 0) logger.info({ findings: findings.length }, "not everything is as it should be");
    for (const stack of abandonedStacks) {
      await removeAbandoned(dependencies, stack, deleted.get(stack)).catch((error: unknown) => {
        logger.warn({ err: error, stack }, "an abandoned stack could not be removed; it is tried again");
      });
    }
  });
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
  storeId: string | undefined,
): Promise<void> {
  const { connection, runner, workerId, leaseSeconds, patience, logger } = dependencies;
  const isStill = (await deletedNames(connection.database, patience)).get(stack) === storeId;
  if (storeId === undefined || !isStill) return;
  const lease = await takeLease(connection.database, storeId, workerId, leaseSeconds);
  if (lease === undefined) return;
  const grace = { cancel: 0, shutdown: 0, silence: 0, deadline: 0 };
  const stop = createStop({ kill: async () => {}, grace, onError: () => {} });
  try {
    await runner.destroy(stack, { lease: createRunLease(dependencies, lease, stop), signal: stop.signal });
    logger.warn({ stack }, "removed the stack of a store that was deleted");
  } finally {
    stop.release();
    await releaseLease(connection.database, lease);
  }
}
