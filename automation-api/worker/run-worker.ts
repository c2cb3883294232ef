import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { PodNews } from "../cluster/pod-news.ts";
import type { Connection } from "../database/connection.ts";
import { listen } from "../database/notifications-repository.ts";
import { cancelRequests } from "../database/work-reads-repository.ts";
import { beat, nameLocks, registerWorker, signOff } from "../database/worker-repository.ts";
import { type ActiveOperations, createActiveOperations } from "./active-operations.ts";
import type { Tools } from "./carry-out.ts";
import { every } from "./every.ts";
import { endProcessesOf } from "./left-processes.ts";
import { hasEnded, processStart } from "./process-identity.ts";
import { startQueue } from "./queue.ts";
import { systemClock } from "./reporter.ts";
import { runOperation } from "./run-operation.ts";
import { SILENCE, type SilenceLimits } from "./silence.ts";
import type { Grace } from "./stop.ts";
import { sweep } from "./sweep.ts";

export interface WorkerOptions {
  readonly connection: Connection;
  readonly tools: Tools;
  /** Follows the pods of a store until the signal is aborted. */
  readonly watchPods: (store: string, onNews: (news: PodNews) => void, signal: AbortSignal) => Promise<void>;
  /** Operations that run at the same time, at most. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** How long a run may take to stop by itself, in milliseconds. Default 5 s when the worker stops, else 30 s. */
  readonly grace?: Grace;
  /** How often it says that it lives and looks after others, in milliseconds. Default 5000. */
  readonly interval?: number;
  /** How soon an entry of the queue is found whose announcement was missed, in milliseconds. Default 1000. */
  readonly poll?: number;
  /** How long an operation may go on without a sign of life, in milliseconds. Default: see `silence.ts`. */
  readonly silence?: SilenceLimits;
}

export interface RunningWorker {
  readonly id: string;
  /** Takes no more operations, hands back those that run, and ends what they started. */
  stop(): Promise<void>;
  /** Resolves with the cause when the worker cannot go on by itself; its process should then end and start anew. */
  readonly failed: Promise<unknown>;
}

const GRACE: Grace = { cancel: 30_000, shutdown: 5000, silence: 30_000 };
const INTERVAL = 5000;

/** Registers a worker and takes operations until it is stopped. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, tools, watchPods, concurrency, logger } = options;
  const { database } = connection;
  const id = randomUUID();
  const identity = { id, hostname: hostname(), pid: process.pid, processStart: processStart(process.pid) };
  const active = createActiveOperations();
  const failing = Promise.withResolvers<unknown>();
  const killProcesses = endProcessesOf;

  await registerWorker(database, identity);
  const heart = every(options.interval ?? INTERVAL, logger, async () => {
    if (!(await beat(database, id))) {
      active.requestAll("lost");
      failing.resolve(new Error("Others have given this worker up; it was not heard of for too long."));
    }
    await cancelRequested(connection, active);
  });
  const sweeper = every(options.interval ?? INTERVAL, logger, () =>
    sweep({ connection, workerId: id, hostname: identity.hostname, hasEnded, killProcesses, logger }),
  );
  const notifications = await listen(connection, "cancel", {
    onNotification: (operation) => active.request(operation, "cancel"),
    onGap: () => heart.now(),
  });
  const { grace = GRACE, silence = SILENCE } = options;
  const held = { connection, tools, active, workerId: id, watchPods, killProcesses };
  const run = { ...held, grace, silence, clock: systemClock, logger };
  const queue = await startQueue({
    connection,
    concurrency,
    work: (operation) => runOperation(run, operation),
    onName: (lockedAs) => nameLocks(database, id, lockedAs),
    ...(options.poll !== undefined && { poll: options.poll }),
    logger,
  });
  void queue.broken.then(failing.resolve);

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const ended = queue.stop();
    active.requestAll("shutdown");
    await Promise.all([ended, sweeper.stop(), notifications.close()]);
    await heart.stop();
    await signOff(database, id);
  }
  return {
    id,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    failed: failing.promise,
  };
}

/** Finds cancellations whose announcement was missed. */
async function cancelRequested({ database }: Connection, active: ActiveOperations): Promise<void> {
  for (const operation of await cancelRequests(database, active.ids())) active.request(operation, "cancel");
}
