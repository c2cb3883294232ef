import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { listen } from "../database/notifications-repository.ts";
import { cancelRequests } from "../database/work-reads-repository.ts";
import { beat, nameLocks, registerWorker, signOff } from "../database/worker-repository.ts";
import { noTracing, type Tracing } from "../tracing/tracing.ts";
import { type ActiveOperations, createActiveOperations } from "./active-operations.ts";
import { createContact, NoAnswer } from "./contact.ts";
import { type Elsewhere, nowhereElse, type WorkPlace } from "./elsewhere.ts";
import { every } from "./every.ts";
import { localRuns, type Runs } from "./left-processes.ts";
import { DEADLINES, type Limits, SILENCE } from "./limits.ts";
import { measureProcess } from "./measure-process.ts";
import { hasEnded, processStart } from "./process-identity.ts";
import { startQueue } from "./queue.ts";
import { systemClock } from "./reporter.ts";
import { runOperation } from "./run-operation.ts";
import type { Grace } from "./stop.ts";
import { endStrays } from "./strays.ts";
import { sweep } from "./sweep.ts";

/** Besides: what work on stores of the home cluster needs. */
export interface WorkerOptions extends WorkPlace {
  readonly connection: Connection;
  /** The registered clusters. Default: there are none. */
  readonly elsewhere?: Elsewhere;
  /** Operations that run at the same time, at most. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /**
   * How long a run may take to stop by itself, in milliseconds. Default 5 s when the worker stops, 10 s when its cluster is away,
   * else 30 s.
   */
  readonly grace?: Grace;
  /** How often it says that it lives and looks after others, in milliseconds. Default 5000. */
  readonly interval?: number;
  /** How soon an entry of the queue is found whose announcement was missed, in milliseconds. Default 1000. */
  readonly poll?: number;
  /** How long an operation may go on without a sign of life, in milliseconds. Default: see `limits.ts`. */
  readonly silence?: Limits;
  /** How long an attempt may take in all, in milliseconds. Default: see `limits.ts`. */
  readonly deadlines?: Limits;
  /**
   * After so many seconds without a sign of life, others take over what a worker holds. Default 30. Several times the
   * interval.
   */
  readonly leaseSeconds?: number;
  /** Milliseconds of one second of a pause. Default 1000. */
  readonly second?: number;
  /** What runs for operations, and how it is ended. Default: processes of this machine. */
  readonly runs?: Runs;
}

export interface RunningWorker {
  readonly id: string;
  /** Takes no more operations, hands back those that run, and ends what they started. */
  stop(): Promise<void>;
  /** Resolves with the cause when the worker cannot go on by itself; its process should then end and start anew. */
  readonly failed: Promise<unknown>;
}

const GRACE: Grace = { cancel: 30_000, shutdown: 5000, silence: 30_000, deadline: 30_000, away: 10_000 };
const INTERVAL = 5000;
const LEASE_SECONDS = 30;

/** Registers a worker and takes operations until it is stopped. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, tools, watchPods, concurrency, logger } = options;
  const { database } = connection;
  const id = randomUUID();
  const identity = { id, hostname: hostname(), pid: process.pid, processStart: processStart(process.pid) };
  const active = createActiveOperations();
  const failing = Promise.withResolvers<unknown>();
  const { runs = localRuns } = options;
  const killProcesses = runs.end;
  const { interval = INTERVAL, leaseSeconds = LEASE_SECONDS } = options;
  const contact = createContact(leaseSeconds * 1000, systemClock);

  await registerWorker(database, identity);
  const measures = measureProcess();
  const heart = every(interval, logger, async () => {
    const isKnown = await contact
      .through(() => beat(connection, id, leaseSeconds, measures.read()))
      .catch((error: unknown) => {
        // A new process has new connections.
        if (error instanceof NoAnswer) failing.resolve(error);
        throw error;
      });
    if (!isKnown) {
      active.requestAll("lost");
      failing.resolve(new Error("Others have given this worker up; it was not heard of for too long."));
    }
    await cancelRequested(connection, active);
  });
  const { hostname: host } = identity;
  const mayJudgeSilence = contact.isSteady;
  const sweeping = { connection, workerId: id, hostname: host, leaseSeconds, mayJudgeSilence, hasEnded, runs };
  const sweeper = every(interval, logger, () => sweep({ ...sweeping, logger }));
  const strays = every(leaseSeconds * 1000, logger, () => endStrays({ connection, runs, logger }));
  const notifications = await listen(connection, "cancel", {
    onNotification: (operation) => active.request(operation, "cancel"),
    onGap: () => heart.now(),
  });
  const { grace = GRACE, silence = SILENCE, deadlines = DEADLINES, second = 1000, tracing = noTracing } = options;
  const { elsewhere = nowhereElse } = options;
  const held = { connection, tools, elsewhere, active, workerId: id, watchPods, killProcesses, leaseSeconds };
  const run = { ...held, grace, silence, deadlines, second, clock: systemClock, logger, tracing };
  const queue = await startQueue({
    connection,
    concurrency,
    work: (operation) =>
      runOperation(run, operation).catch((error: unknown) => {
        // Perhaps because others have given this worker up: better known now than at the next sign of life.
        heart.now();
        throw error;
      }),
    onName: (lockedAs) => nameLocks(database, id, lockedAs),
    ...(options.poll !== undefined && { poll: options.poll }),
    logger,
  });
  void queue.broken.then(failing.resolve);

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const ended = queue.stop();
    active.requestAll("shutdown");
    await Promise.all([ended, sweeper.stop(), strays.stop(), notifications.close()]);
    await heart.stop();
    measures.stop();
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
