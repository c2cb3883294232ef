import type { Logger } from "pino";
import type { PodNews } from "../cluster/pod-news.ts";
import type { OperationKind, Progress } from "../contract/operation.ts";
import { type Connection, isDatabaseUnreachable } from "../database/connection.ts";
import { beginWork, earlierProgress, findWork, saveProgress, type Work } from "../database/operation-repository.ts";
import { measuredWeights } from "../domain/measured-weights.ts";
import { partsOf } from "../domain/observe.ts";
import { beginTrack, initialProgress } from "../domain/progress.ts";
import { storeStatusAfter } from "../domain/store-status.ts";
import type { ActiveOperations } from "./active-operations.ts";
import { carryOut, type Outcome, type Run, type Tools } from "./carry-out.ts";
import { endOperation, type Result } from "./end-operation.ts";
import { OperationLost } from "./operation-lost.ts";
import { createProgressWriter } from "./progress-writer.ts";
import { type Clock, createReporter, type Reporter } from "./reporter.ts";
import { createStop, type Stop, type StopOptions } from "./stop.ts";

export interface RunDependencies {
  readonly connection: Connection;
  readonly tools: Tools;
  readonly active: ActiveOperations;
  /** Id of this worker. */
  readonly workerId: string;
  /** Follows the pods of a store until the signal is aborted. */
  readonly watchPods: (store: string, onNews: (news: PodNews) => void, signal: AbortSignal) => Promise<void>;
  /** Ends the processes of an operation by force. */
  readonly killProcesses: (operation: string) => Promise<unknown>;
  readonly grace: StopOptions["grace"];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often an operation tells how far it is although nothing happens, in milliseconds. */
const TICK = 1000;

const beginnings: Readonly<Record<OperationKind, string>> = {
  create: "Creating the store has begun.",
  delete: "Deleting the store has begun.",
};

/**
 * Works on an operation to its end, and writes down what becomes of it. That it failed is no error here. Throws when the
 * operation is not ours (any more), and when the database cannot be written to; the queue then hands it out again.
 */
export async function runOperation(dependencies: RunDependencies, id: string): Promise<void> {
  const { connection, workerId, active, logger } = dependencies;
  const work = await findWork(connection.database, id);
  if (work === undefined) return;
  const stop = createStop({
    kill: () => dependencies.killProcesses(id),
    grace: dependencies.grace,
    onError: (error) => logger.error({ err: error, operation: id }, "processes of an operation cannot be ended"),
  });
  if (!(await begin(connection, work, workerId))) return refuse(work, workerId);
  active.add(id, stop);
  if (work.cancelRequested) stop.request("cancel");
  try {
    await attempt(dependencies, { ...work, attempt: work.attempt + 1 }, stop);
  } finally {
    stop.release();
    active.remove(id);
  }
}

async function begin(connection: Connection, work: Work, workerId: string): Promise<boolean> {
  const goesOn = work.attempt > 0;
  return beginWork(connection, {
    id: work.id,
    workerId,
    attempt: work.attempt + 1,
    store: { id: work.store.id, status: storeStatusAfter(work.kind, "running") },
    event: {
      at: new Date(),
      kind: "status",
      severity: "info",
      text: goesOn ? `Going on after an interruption, attempt ${work.attempt + 1}.` : beginnings[work.kind],
      status: "running",
      progress: initialProgress(work.kind, work.store.spec.engine),
    },
  });
}

/** It is over, which is fine; or somebody else works on it, and the queue must ask again later. */
function refuse({ id, status }: Work, workerId: string): void {
  if (status === "running") throw new OperationLost(`The operation ${id} is not for the worker ${workerId}.`);
}

async function attempt(dependencies: RunDependencies, work: Work, stop: Stop): Promise<void> {
  const { connection, workerId, clock, logger } = dependencies;
  const { kind, store } = work;
  const holder = { id: work.id, workerId };
  const earlier = await earlierProgress(connection.database, { kind, ...store.spec });
  const track = beginTrack(
    { kind, engine: store.spec.engine, weights: measuredWeights(earlier), parts: partsOf(kind, store.spec) },
    clock.ticks(),
  );
  const writer = createProgressWriter({
    save: (progress: Progress, events) => saveProgress(connection, holder, progress, events),
    mayRetry: (error) => isDatabaseUnreachable(error) && stop.reason() !== "lost",
    onLost: () => stop.request("lost"),
    onError: (error) => logger.error({ err: error, operation: work.id }, "progress cannot be saved"),
  });
  const reporter = createReporter(track, writer, clock);
  reporter.tick();
  const result = await observed(dependencies, work, stop, reporter);
  await writer.flush();
  await endOperation(dependencies, { work, stop, reporter, result });
}

/** Carries the operation out while its pods are followed and the time passes. Never throws. */
async function observed(
  { tools, watchPods, logger }: RunDependencies,
  work: Work,
  stop: Stop,
  reporter: Reporter,
): Promise<Result> {
  const watch = new AbortController();
  const { name } = work.store.spec;
  const watching = watchPods(name, reporter.onNews, watch.signal).catch((error: unknown) => {
    logger.warn({ err: error, store: name }, "the pods of a store cannot be watched");
  });
  const ticking = setInterval(reporter.tick, TICK);
  try {
    return { outcome: await carry(tools, work, stop, reporter) };
  } catch (error) {
    return { error };
  } finally {
    clearInterval(ticking);
    watch.abort();
    await watching;
  }
}

function carry(tools: Tools, { id, kind, store }: Work, stop: Stop, reporter: Reporter): Promise<Outcome> {
  const run: Run = {
    operation: id,
    signal: stop.signal,
    onEvent: reporter.onEvent,
    onStage: reporter.onStage,
    onWarning: (text) => reporter.say({ kind: "message", severity: "warning", text }),
  };
  stop.signal.throwIfAborted();
  return carryOut[kind](tools, store.spec, run);
}
