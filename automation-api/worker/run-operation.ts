import type { Logger } from "pino";
import type { PodNews } from "../cluster/pod-news.ts";
import type { OperationKind, Progress } from "../contract/operation.ts";
import { type Connection, isDatabaseUnreachable } from "../database/connection.ts";
import { beginWork, type HeldWork, saveProgress, type Work } from "../database/operation-repository.ts";
import { earlierProgress, findWork } from "../database/work-reads-repository.ts";
import { measuredWeights } from "../domain/measured-weights.ts";
import { partsOf } from "../domain/observe.ts";
import { begin, interrupt, mayBegin } from "../domain/operation.ts";
import { beginTrack, initialProgress } from "../domain/progress.ts";
import { storeStatusAfter } from "../domain/store-status.ts";
import type { ActiveOperations } from "./active-operations.ts";
import { carryOut, type Outcome, type Run, type Tools } from "./carry-out.ts";
import { endOperation, type Result } from "./end-operation.ts";
import { OperationLost } from "./operation-lost.ts";
import { createProgressWriter } from "./progress-writer.ts";
import { type Clock, createReporter, type Reporter } from "./reporter.ts";
import type { SilenceLimits } from "./silence.ts";
import { createStop, type Grace, type Stop } from "./stop.ts";

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
  readonly grace: Grace;
  readonly silence: SilenceLimits;
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
  const found = await findWork(connection.database, id);
  const work = found && (await take(connection, found, workerId));
  if (work === undefined) return;
  const stop = createStop({
    kill: () => dependencies.killProcesses(id),
    grace: dependencies.grace,
    onError: (error) => logger.error({ err: error, operation: id }, "processes of an operation cannot be ended"),
  });
  active.add(id, stop);
  if (work.cancelRequested) stop.request("cancel");
  try {
    await attempt(dependencies, work, stop);
  } finally {
    stop.release();
    active.remove(id);
  }
}

/** The operation as this worker holds it; `undefined` when it is over. Throws when somebody else works on it. */
async function take(connection: Connection, work: Work, workerId: string): Promise<HeldWork | undefined> {
  const { state: from, kind, store } = work;
  if (from.status === "running" && from.workerId !== workerId) {
    throw new OperationLost(`The operation ${work.id} is held by another worker.`);
  }
  if (from.status !== "running" && !mayBegin(from)) return undefined;
  // One of our own that is still running ended in an error of our own before it could be written down.
  const state = begin(from.status === "running" ? interrupt(from, "It ended in an error.") : from, workerId);
  const event = {
    at: new Date(),
    kind: "status",
    severity: "info",
    text: state.attempt > 1 ? `Going on after an interruption, attempt ${state.attempt}.` : beginnings[kind],
    status: state.status,
    progress: initialProgress(kind, store.spec.engine),
  } as const;
  const taken = { ...work, state };
  const isTaken = await beginWork(connection, taken, { from, storeStatus: storeStatusAfter(kind, "running"), event });
  return isTaken ? taken : undefined;
}

async function attempt(dependencies: RunDependencies, work: HeldWork, stop: Stop): Promise<void> {
  const { connection, clock, logger } = dependencies;
  const { kind, store } = work;
  const earlier = await earlierProgress(connection.database, { kind, ...store.spec });
  const track = beginTrack(
    { kind, engine: store.spec.engine, weights: measuredWeights(earlier), parts: partsOf(kind, store.spec) },
    clock.ticks(),
  );
  const writer = createProgressWriter({
    save: (progress: Progress, events) => saveProgress(connection, work, progress, events),
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
  { tools, watchPods, silence, logger }: RunDependencies,
  work: Work,
  stop: Stop,
  reporter: Reporter,
): Promise<Result> {
  const watch = new AbortController();
  const { name } = work.store.spec;
  const watching = watchPods(name, reporter.onNews, watch.signal).catch((error: unknown) => {
    logger.warn({ err: error, store: name }, "the pods of a store cannot be watched");
  });
  const ticking = setInterval(() => {
    reporter.tick();
    if (reporter.silentFor() > silence[work.kind]) stop.request("silence");
  }, TICK);
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
