import { setTimeout as sleep } from "node:timers/promises";
import { Logger as QueueLogger, run } from "graphile-worker";
import type { Logger } from "pino";
import { z } from "zod";
import type { Connection, Database } from "../database/connection.ts";
import { patientPool } from "../database/patient-pool.ts";
import { announceNext, marksOfFull } from "../database/queue-repository.ts";
import { readSettings } from "../database/settings-repository.ts";

export interface QueueOptions {
  readonly connection: Connection;
  /** Entries worked on at the same time, at most. */
  readonly concurrency: number;
  /** Works on one operation. What it throws makes the queue hand the entry out again, later. */
  readonly work: (operationId: string) => Promise<void>;
  /** Told under which name entries will be locked, before the first one is. */
  readonly onName: (lockedAs: string) => Promise<void>;
  /** How soon an entry is found whose announcement was missed, in milliseconds. Default 1000. */
  readonly poll?: number;
  readonly logger: Logger;
}

export interface Queue {
  /** Takes no more entries, and waits for those that are worked on. */
  stop(): Promise<void>;
  /** Resolves when the queue has ended by itself, which it does when it cannot go on. */
  readonly broken: Promise<unknown>;
}

const POLL = 1000;
/** How long an entry that is done may take to leave the queue, in tries and in milliseconds between two of them. */
const LEAVING = { tries: 20, pause: 25 };

const payloadSchema = z.object({ operationId: z.uuid() });

const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;

function quietLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    logger[levels[level]]({ part: "queue" }, message);
  });
}

/** Takes entries from the queue: those of one store one after the other, those of several stores side by side. */
export async function startQueue(options: QueueOptions): Promise<Queue> {
  const { connection, concurrency, work, onName, logger } = options;
  let isStopping = false;
  const runner = await run({
    // An entry whose end could not be written down would be held for hours, or its error end the process.
    pgPool: patientPool(connection.pool, () => !isStopping),
    concurrency,
    pollInterval: options.poll ?? POLL,
    noHandleSignals: true,
    forbiddenFlags: () => fullOrganizations(connection.database),
    logger: quietLogger(logger),
    taskList: { operation: (payload) => work(payloadSchema.parse(payload).operationId) },
    preset: {
      plugins: [
        {
          name: "StorefleetNamePlugin",
          version: "1.0.0",
          // Each worker waits for this before it asks for its first entry.
          worker: { hooks: { startWorker: (_context, { worker }) => onName(worker.workerPool.id) } },
        },
      ],
    },
  });
  // It looks for its next entry while this one is still leaving, and finds the store's queue taken.
  runner.events.on("job:complete", ({ job }) => void announceWhenGone(connection, job.id, logger));
  const broken = new Promise<unknown>((resolve) => {
    const ended = (error?: unknown) => {
      if (!isStopping) resolve(error ?? new Error("The queue has ended."));
    };
    runner.promise.then(() => ended(), ended);
  });
  return {
    stop: () => {
      isStopping = true;
      return runner.stop();
    },
    broken,
  };
}

async function fullOrganizations(database: Database): Promise<string[]> {
  const { settings } = await readSettings(database);
  return marksOfFull(database, settings.slotsPerOrganization);
}

/** Never throws: an entry whose announcement fails is found by itself a moment later. */
async function announceWhenGone({ database }: Connection, entry: string, logger: Logger): Promise<void> {
  try {
    for (let tries = LEAVING.tries; tries > 0 && !(await announceNext(database, entry)); tries -= 1) {
      await sleep(LEAVING.pause);
    }
  } catch (error) {
    logger.debug({ err: error, part: "queue" }, "the next entry could not be announced");
  }
}
