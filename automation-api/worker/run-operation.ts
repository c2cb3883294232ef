import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { HOME } from "../contract/cluster.ts";
import type { OperationKind, Progress } from "../contract/operation.ts";
import { type Connection, inTransaction, isDatabaseUnreachable } from "../database/connection.ts";
import { beginWork, type HeldWork, saveProgress, type Work } from "../database/operation-repository.ts";
import { enqueueLater } from "../database/queue-repository.ts";
import { earlierProgress, findWork } from "../database/work-reads-repository.ts";
import { measuredWeights } from "../domain/measured-weights.ts";
import { partsOf } from "../domain/observe.ts";
import { begin, interrupt, mayBegin } from "../domain/operation.ts";
import { beginTrack, initialProgress } from "../domain/progress.ts";
import { storeStatusAfter } from "../domain/store-status.ts";
import { type Span, type Tracing, within } from "../tracing/tracing.ts";
import type { ActiveOperations } from "./active-operations.ts";
import { carryOut, type Outcome } from "./carry-out.ts";
import { ClusterAway, type Elsewhere, type WorkPlace } from "./elsewhere.ts";
import { endOperation, type Result } from "./end-operation.ts";
import { OperationProblem } from "./explain.ts";
import type { RunMark } from "./left-processes.ts";
import { type Limits, MOST_ATTEMPTS } from "./limits.ts";
import { OperationLost, requireKnown } from "./operation-lost.ts";
import { createProgressWriter } from "./progress-writer.ts";
import { type Clock, createReporter, type Reporter } from "./reporter.ts";
import { runFor } from "./run-for.ts";
import { createStop, type Grace, type Stop } from "./stop.ts";
import { tryAgain } from "./try-again.ts";
import { stopWhenAway } from "./watch-cluster.ts";

/** Besides: what work on stores of the home cluster needs. */
export interface RunDependencies extends WorkPlace {
  readonly connection: Connection;
  readonly elsewhere: Elsewhere;
  readonly active: ActiveOperations;
  /** Id of this worker. */
  readonly workerId: string;
  /** Ends the processes of a run by force. */
  readonly killProcesses: (run: RunMark) => Promise<unknown>;
  readonly grace: Grace;
  readonly silence: Limits;
  /** How long an attempt may take in all. */
  readonly deadlines: Limits;
  readonly leaseSeconds: number;
  /** Milliseconds of one second of a pause. */
  readonly second: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** With the span that the operation is. */
type Running = RunDependencies & { readonly span: Span };

/** How often an operation tells how far it is although nothing happens, in milliseconds. */
const TICK = 1000;
/** Pause before the database is asked again, in milliseconds. */
const PAUSE = 500;
/** Pause before the next entry is looked for when this one had to be put back, in milliseconds. */
const PAUSE_BEFORE = { full: 100, later: 20 } as const;
/** Seconds until an operation is looked at again whose cluster is away. */
const AWAY = 10;

const beginnings: Readonly<Record<OperationKind, string>> = {
  create: "Creating the store has begun.",
  rotate: "Making new secrets of the store has begun.",
  delete: "Deleting the store has begun.",
};

const GIVEN_UP = `Work on this has begun ${MOST_ATTEMPTS} times and was interrupted each time, so it is given up. See the service's log, then try again.`;

/**
 * Works on an operation to its end, and writes down what becomes of it. That it failed is no error here. Throws when the
 * operation is not ours (any more), and when the database cannot be written to; the queue then hands it out again.
 */
export async function runOperation(dependencies: RunDependencies, id: string): Promise<void> {
  const { active, connection } = dependencies;
  connection.faults("queue taken", id);
  const work = await takeSurely(dependencies, id);
  if (work === undefined) return;
  connection.faults("lease committed", id);
  const { fencing } = work.lease;
  const { kind, correlationId } = work;
  const logger = dependencies.logger.child({ operation: id, kind, store: work.store.spec.name, correlationId });
  const stop = createStop({
    kill: () => dependencies.killProcesses({ operation: id, fencing }),
    grace: dependencies.grace,
    onError: (error) => logger.error({ err: error }, "processes of an operation cannot be ended"),
  });
  active.add(id, stop);
  if (work.cancelRequested) stop.request("cancel");
  try {
    const { attempt } = work.state;
    logger.info({ attempt }, "work on an operation begins");
    const attributes = { "storefleet.operation": id, "storefleet.correlation_id": correlationId, attempt };
    const span = dependencies.tracing.begin(`operation ${kind}`, "work", work.traceparent, attributes);
    const place = await placeOf(dependencies, work);
    await within(span, () => attemptOnce({ ...dependencies, ...place, logger, span }, work, stop));
  } finally {
    stop.release();
    active.remove(id);
  }
}

/**
 * Takes an operation, however long the database is away. Looked up anew each time: what was written may have arrived although
 * its answer did not.
 */
async function takeSurely(dependencies: RunDependencies, id: string): Promise<HeldWork | undefined> {
  const { connection } = dependencies;
  for (;;) {
    try {
      const found = await findWork(connection.database, id);
      if (found !== undefined && (await heldBack(dependencies, found))) return undefined;
      return found && (await take(dependencies, found));
    } catch (error) {
      if (!isDatabaseUnreachable(error)) throw error;
      await sleep(PAUSE);
    }
  }
}

/** Whether an operation was put back because its cluster is away: others go on, and it neither counts nor fails. */
async function heldBack({ connection, elsewhere }: RunDependencies, { id, state, store }: Work): Promise<boolean> {
  if (store.cluster === HOME || state.status === "running" || !mayBegin(state)) return false;
  if (!(await elsewhere.isAway(store.cluster))) return false;
  await inTransaction(connection, (transaction) => enqueueLater(transaction, id, AWAY));
  return true;
}

/** The operation as this worker holds it; `undefined` when it is over. Throws when somebody else works on it. */
async function take(
  { connection, workerId, leaseSeconds }: RunDependencies,
  work: Work,
): Promise<HeldWork | undefined> {
  const { state: from, kind, store } = work;
  requireKnown(work);
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
  const beginning = { from, storeStatus: storeStatusAfter(kind, "running"), event, leaseSeconds };
  const taken = await beginWork(connection, { ...work, state }, beginning);
  if (taken === "busy")
    throw new OperationLost(`The store of the operation ${work.id} is not free, or this worker was given up.`);
  if (taken !== "full" && taken !== "later") return taken;
  await sleep(PAUSE_BEFORE[taken]);
  return undefined;
}

function placeOf({ tools, watchPods, elsewhere }: RunDependencies, { store }: Work): Promise<WorkPlace> | WorkPlace {
  return store.cluster === HOME ? { tools, watchPods } : elsewhere.place(store.cluster);
}

async function attemptOnce(dependencies: Running, work: HeldWork, stop: Stop): Promise<void> {
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
    onError: (error) => logger.error({ err: error }, "progress cannot be saved"),
  });
  const reporter = createReporter(track, writer, clock);
  reporter.tick();
  const result = await observed(dependencies, work, stop, reporter);
  await writer.flush();
  await endOperation(dependencies, { work, stop, reporter, result });
}

/** Carries the operation out while its pods are followed and the time passes. Never throws. */
async function observed(dependencies: Running, work: HeldWork, stop: Stop, reporter: Reporter): Promise<Result> {
  const { watchPods, silence, deadlines, clock, logger } = dependencies;
  const begin = clock.ticks();
  const looking = stopWhenAway(dependencies, work.store.cluster, stop);
  const watch = new AbortController();
  const { name } = work.store.spec;
  const watching = watchPods(name, reporter.onNews, watch.signal).catch((error: unknown) => {
    logger.warn({ err: error }, "the pods of a store cannot be watched");
  });
  const ticking = setInterval(() => {
    reporter.tick();
    if (reporter.silentFor() > silence[work.kind]) stop.request("silence");
    if (clock.ticks() - begin > deadlines[work.kind]) stop.request("deadline");
  }, TICK);
  try {
    const outcome = await carry(dependencies, work, stop, reporter);
    dependencies.connection.faults("run done", work.id);
    return { outcome };
  } catch (error) {
    return { error };
  } finally {
    clearInterval(ticking);
    watch.abort();
    await Promise.all([watching, looking?.stop()]);
  }
}

function carry(dependencies: Running, work: HeldWork, stop: Stop, reporter: Reporter): Promise<Outcome> {
  const { tools, second } = dependencies;
  const { kind, store, state } = work;
  const run = runFor(dependencies, work, stop, reporter);
  stop.signal.throwIfAborted();
  if (state.attempt > MOST_ATTEMPTS) throw new OperationProblem(GIVEN_UP);
  const again = { signal: stop.signal, onRetry: run.onWarning, second };
  const { cluster } = store;
  return tryAgain(again, () =>
    carryOut[kind](tools, store, run).catch(async (error: unknown) => {
      const isGone = cluster !== HOME && !stop.signal.aborted && (await dependencies.elsewhere.isAway(cluster));
      throw isGone ? new ClusterAway(cluster, { cause: error }) : error;
    }),
  );
}
