import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { type KnownWorker, otherWorkers, takeOver } from "../database/worker-repository.ts";

export interface SweepDependencies {
  readonly connection: Connection;
  /** Id of this worker. */
  readonly workerId: string;
  readonly hostname: string;
  /** Whether a process of this machine has ended. */
  readonly hasEnded: (process: { pid: number; processStart: string }) => boolean;
  /** Ends the processes of an operation on this machine by force. */
  readonly killProcesses: (operation: string) => Promise<unknown>;
  readonly logger: Logger;
}

/** A worker that was not heard of for so many seconds is dead; it beats every five. */
const SILENCE = 30;

const REASON = "The process that worked on this stopped; another one goes on with it.";

/** Finds workers that have died and takes over from them: at once from one of this machine, after a silence from others. */
export async function sweep(dependencies: SweepDependencies): Promise<void> {
  const { connection, workerId } = dependencies;
  for (const worker of await otherWorkers(connection.database, workerId)) {
    if (isDead(worker, dependencies)) await bury(worker, dependencies);
  }
}

function isDead(worker: KnownWorker, { hostname, hasEnded }: SweepDependencies): boolean {
  return worker.silentFor > SILENCE || (worker.hostname === hostname && hasEnded(worker));
}

async function bury(worker: KnownWorker, dependencies: SweepDependencies): Promise<void> {
  const { connection, hostname, killProcesses, logger } = dependencies;
  const operations = await takeOver(connection, worker.id, REASON, async (held) => {
    // On another machine there is nothing we could end; Pulumi's own lock on the stack keeps its run and ours apart.
    if (worker.hostname === hostname) await Promise.all(held.map(killProcesses));
  });
  if (operations !== undefined) logger.warn({ worker: worker.id, operations }, "took over from a worker that died");
}
