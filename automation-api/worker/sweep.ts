import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { enqueueForgotten } from "../database/queue-repository.ts";
import { type KnownWorker, otherWorkers, takeOver } from "../database/worker-repository.ts";
import type { Runs } from "./left-processes.ts";

export interface SweepDependencies {
  readonly connection: Connection;
  /** Id of this worker. */
  readonly workerId: string;
  readonly hostname: string;
  /** A worker that was not heard of for so many seconds is dead, or has to behave as if it were. */
  readonly leaseSeconds: number;
  /**
   * Whether this worker has reached the database for as long as a lease lasts. Before that, others may have been silent for
   * no other reason than we were.
   */
  readonly mayJudgeSilence: () => boolean;
  /** Whether a process of this machine has ended. */
  readonly hasEnded: (process: { pid: number; processStart: string }) => boolean;
  readonly runs: Pick<Runs, "end" | "areEverywhere">;
  readonly logger: Logger;
}

const REASON = "The process that worked on this stopped; another one goes on with it.";

/**
 * Finds workers that have died and takes over from them: at once from one of this machine, after a silence from others. And
 * puts operations back into the queue that it has lost.
 */
export async function sweep(dependencies: SweepDependencies): Promise<void> {
  const { connection, workerId, logger } = dependencies;
  for (const worker of await otherWorkers(connection.database, workerId)) {
    if (isDead(worker, dependencies)) await bury(worker, dependencies);
  }
  const forgotten = await enqueueForgotten(connection.database);
  if (forgotten > 0) logger.warn({ forgotten }, "operations would have waited for nothing; they are in the queue anew");
}

function isDead(worker: KnownWorker, dependencies: SweepDependencies): boolean {
  const { hostname, hasEnded, leaseSeconds, mayJudgeSilence } = dependencies;
  const isSilent = worker.silentFor > leaseSeconds && mayJudgeSilence();
  return isSilent || (worker.hostname === hostname && hasEnded(worker));
}

async function bury(worker: KnownWorker, dependencies: SweepDependencies): Promise<void> {
  const { connection, hostname, runs, logger } = dependencies;
  const operations = await takeOver(connection, worker.id, REASON, async (held) => {
    // On another machine there is nothing we could end; its next worker does, and Pulumi's own lock on the stack keeps its
    // run and ours apart until then.
    const isInReach = runs.areEverywhere || worker.hostname === hostname;
    if (isInReach) await Promise.all(held.map((operation) => runs.end({ operation })));
  });
  if (operations !== undefined) logger.warn({ worker: worker.id, operations }, "took over from a worker that died");
}
