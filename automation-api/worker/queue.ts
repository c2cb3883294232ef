import { Logger as QueueLogger, run } from "graphile-worker";
import type { Logger } from "pino";
import { z } from "zod";
import type { Connection } from "../database/connection.ts";

export interface QueueOptions {
  readonly connection: Connection;
  /** Entries worked on at the same time, at most. */
  readonly concurrency: number;
  /** Works on one operation. What it throws makes the queue hand the entry out again, later. */
  readonly work: (operationId: string) => Promise<void>;
  /** Told under which name entries will be locked, before the first one is. */
  readonly onName: (lockedAs: string) => Promise<void>;
  readonly logger: Logger;
}

export interface Queue {
  /** Takes no more entries, and waits for those that are worked on. */
  stop(): Promise<void>;
  /** Resolves when the queue has ended by itself, which it does when it cannot go on. */
  readonly broken: Promise<unknown>;
}

/** How soon an entry is found whose announcement was missed, in milliseconds. */
const POLL = 1000;

const payloadSchema = z.object({ operationId: z.uuid() });

const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;

function quietLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    logger[levels[level]]({ part: "queue" }, message);
  });
}

/** Takes entries from the queue: those of one store one after the other, those of several stores side by side. */
export async function startQueue({ connection, concurrency, work, onName, logger }: QueueOptions): Promise<Queue> {
  const runner = await run({
    pgPool: connection.pool,
    concurrency,
    pollInterval: POLL,
    noHandleSignals: true,
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
  let isStopping = false;
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
