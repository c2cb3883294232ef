import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import { type Connection, isDatabaseUnreachable } from "../database/connection.ts";
import { endWork, handBack, type Work } from "../database/operation-repository.ts";
import type { NewProgressEvent } from "../database/progress-event-repository.ts";
import { stoppedProgress, succeededProgress } from "../domain/progress.ts";
import { reasonWhenCancelled, storeStatusAfter } from "../domain/store-status.ts";
import { type Outcome, reasonOf, resourcesOrNone, type Tools } from "./carry-out.ts";
import { OperationLost } from "./operation-lost.ts";
import type { Clock, Reporter } from "./reporter.ts";
import type { Stop } from "./stop.ts";

/** How work on an operation ended. */
export type Result = { readonly outcome: Outcome } | { readonly error: unknown };

export interface Ended {
  readonly work: Work;
  readonly stop: Stop;
  readonly reporter: Reporter;
  readonly result: Result;
}

interface EndDependencies {
  readonly connection: Connection;
  readonly tools: Pick<Tools, "runner">;
  readonly workerId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Pause before an end that could not be written is written again, in milliseconds. */
const PAUSE = 500;

const INTERRUPTED = "The service was stopped while it worked on this; it goes on at the next start.";
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
  const { connection, workerId, clock } = dependencies;
  const progress = succeededProgress(reporter.track(), clock.ticks());
  return () =>
    endWork(
      connection,
      { id: work.id, workerId },
      {
        status: "succeeded",
        reason: undefined,
        event: finalEvent(dependencies, "succeeded", outcome.text, progress),
        store: {
          id: work.store.id,
          status: storeStatusAfter(work.kind, "succeeded"),
          reason: undefined,
          ...(outcome.outputs && { outputs: outcome.outputs }),
          ...(outcome.resources && { resources: outcome.resources }),
        },
      },
    );
}

async function unfinished(dependencies: EndDependencies, ended: Ended, error: unknown): Promise<Write> {
  const { connection, workerId } = dependencies;
  const { work, stop, reporter } = ended;
  if (stop.reason() === "shutdown") {
    const event = finalEvent(dependencies, "interrupted", INTERRUPTED, stoppedProgress(reporter.progress(), "pending"));
    return () => handBack(connection, { id: work.id, workerId }, event);
  }
  const status = stop.reason() === "cancel" ? "cancelled" : "failed";
  const reason = status === "cancelled" ? reasonWhenCancelled(work.kind) : explained(dependencies, work, error);
  const progress = stoppedProgress(reporter.progress(), "failed");
  const resources = await resourcesOrNone(dependencies.tools.runner, work.store.spec.name);
  return () =>
    endWork(
      connection,
      { id: work.id, workerId },
      {
        status,
        reason,
        event: finalEvent(dependencies, status, reason, progress),
        store: {
          id: work.store.id,
          status: storeStatusAfter(work.kind, status),
          reason,
          ...(resources && { resources }),
        },
      },
    );
}

function explained({ logger }: EndDependencies, work: Work, error: unknown): string {
  const reason = reasonOf(error);
  if (reason === undefined) logger.error({ err: error, operation: work.id }, "an operation met an error of our own");
  return reason ?? OWN_ERROR;
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
