import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import { type Connection, isDatabaseUnreachable } from "../database/connection.ts";
import { endWork, type HeldWork, handBack } from "../database/operation-repository.ts";
import type { NewProgressEvent } from "../database/progress-event-repository.ts";
import { sentenceFor } from "../domain/causes.ts";
import { cancel, fail, interrupt, succeed } from "../domain/operation.ts";
import { stoppedProgress, succeededProgress } from "../domain/progress.ts";
import { reasonWhenCancelled, storeStatusAfter } from "../domain/store-status.ts";
import { waitsForCluster } from "../domain/waiting.ts";
import { type Outcome, resourcesOrNone, type Tools } from "./carry-out.ts";
import { ClusterAway } from "./elsewhere.ts";
import { failureOf } from "./explain.ts";
import { OperationLost } from "./operation-lost.ts";
import type { Clock, Reporter } from "./reporter.ts";
import type { Stop } from "./stop.ts";

/** How work on an operation ended. */
export type Result = { readonly outcome: Outcome } | { readonly error: unknown };

export interface Ended {
  readonly work: HeldWork;
  readonly stop: Stop;
  readonly reporter: Reporter;
  readonly result: Result;
}

interface EndDependencies {
  readonly connection: Connection;
  readonly tools: Pick<Tools, "runner">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Pause before an end that could not be written is written again, in milliseconds. */
const PAUSE = 500;

const INTERRUPTED = "The service was stopped while it worked on this; it goes on at the next start.";
const SILENT =
  "Nothing was heard of the work for too long, so it was given up. Check that the cluster and Pulumi's state can be reached, then try again.";
const TOO_LONG =
  "It took longer than such an operation ever should, so it was given up. See what it waited for in its events, then try again.";
const OWN_ERROR = "Something went wrong in the service itself. Try again; its log says more.";

/** Writes down how the work ended. Throws an OperationLost when that is not ours to say any more. */
export async function endOperation(dependencies: EndDependencies, ended: Ended): Promise<void> {
  const { work, stop, result } = ended;
  const write =
    "outcome" in result
      ? succeeded(dependencies, ended, result.outcome)
      : await unfinished(dependencies, ended, result.error);
  const isWritten = await writeSurely(write, stop);
  if (!isWritten) throw new OperationLost(`The operation ${work.id} was taken over by another worker.`);
  dependencies.connection.faults("finish committed", work.id);
  const outcome = "outcome" in result ? "succeeded" : (stop.reason() ?? "failed");
  dependencies.logger.info({ outcome }, "work on an operation ends");
}

type Write = () => Promise<boolean>;

/** Tries until the database can be reached. Until then the operation is running, and ours, as far as anybody knows. */
async function writeSurely(write: Write, stop: Stop): Promise<boolean> {
  while (stop.reason() !== "lost") {
    try {
      return await write();
    } catch (error) {
      if (!isDatabaseUnreachable(error)) throw error;
      await sleep(PAUSE);
    }
  }
  return false;
}

function succeeded(dependencies: EndDependencies, { work, reporter }: Ended, outcome: Outcome): Write {
  const { connection, clock } = dependencies;
  const progress = succeededProgress(reporter.track(), clock.ticks());
  return () =>
    endWork(connection, work, {
      to: succeed(work.state),
      event: finalEvent(dependencies, "succeeded", outcome.text, progress),
      store: {
        status: storeStatusAfter(work.kind, "succeeded"),
        reason: undefined,
        ...(outcome.outputs && { outputs: outcome.outputs }),
        ...(outcome.resources && { resources: outcome.resources }),
        ...(outcome.rotation !== undefined && { rotation: outcome.rotation }),
      },
    });
}

async function unfinished(dependencies: EndDependencies, ended: Ended, error: unknown): Promise<Write> {
  const { connection } = dependencies;
  const { work, stop, reporter } = ended;
  // Somebody else says what becomes of it; nothing of ours may even be looked up.
  if (stop.reason() === "lost") return async () => false;
  const isAway = stop.reason() === "away" || (stop.reason() === undefined && error instanceof ClusterAway);
  if (stop.reason() === "shutdown" || isAway) {
    const why = isAway ? waitsForCluster(work.store.cluster) : INTERRUPTED;
    const progress = stoppedProgress(reporter.progress(), "pending");
    const event = finalEvent(dependencies, "interrupted", why, progress);
    return () => handBack(connection, work, interrupt(work.state, why), event);
  }
  const to =
    stop.reason() === "cancel"
      ? cancel(work.state, reasonWhenCancelled(work.kind))
      : fail(work.state, whyFailed(dependencies, ended, error));
  const progress = stoppedProgress(reporter.progress(), "failed");
  const resources = await resourcesOrNone(dependencies.tools.runner, work.store.spec.name);
  return () =>
    endWork(connection, work, {
      to,
      event: finalEvent(dependencies, to.status, to.reason, progress),
      store: {
        status: storeStatusAfter(work.kind, to.status),
        reason: to.reason,
        ...(resources && { resources }),
      },
    });
}

function whyFailed({ logger }: EndDependencies, { stop }: Ended, error: unknown): string {
  if (stop.reason() === "silence") return SILENT;
  if (stop.reason() === "deadline") return TOO_LONG;
  const failure = failureOf(error);
  if (failure !== undefined) return sentenceFor(failure);
  logger.error({ err: error }, "an operation met an error of our own");
  return OWN_ERROR;
}

const severities: Partial<Record<OperationStatus, ProgressEvent["severity"]>> = {
  failed: "error",
  cancelled: "warning",
  interrupted: "warning",
};

function finalEvent(
  { clock }: EndDependencies,
  status: OperationStatus,
  text: string,
  progress: Progress,
): NewProgressEvent {
  return { at: clock.date(), kind: "status", severity: severities[status] ?? "info", text, status, progress };
}
