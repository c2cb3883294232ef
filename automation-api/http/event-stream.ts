import { isFinal, type OperationStatus, type SparseEvent } from "../contract/operation.ts";
import type { ProgressHub } from "./progress-hub.ts";
import type { StreamResponse } from "./route.ts";

export interface EventStreamDependencies {
  readonly hub: Pick<ProgressHub, "watch">;
  readonly statusOf: (operationId: string) => Promise<OperationStatus | undefined>;
  /** Events with a number above `after`, in order, at most `limit`. */
  readonly eventsAfter: (operationId: string, after: number, limit: number) => Promise<readonly SparseEvent[]>;
  /** Asked at every heartbeat: who has signed out, or may no more, hears nothing more. */
  readonly isStillAllowed: () => Promise<boolean>;
  /** Told when events cannot be read; the stream goes on trying. */
  readonly onTrouble: (error: unknown) => void;
  /** Milliseconds between heartbeats. Default 15 seconds. */
  readonly heartbeat?: number;
}

const BATCH = 200;

/**
 * Sends the events of an operation after number `after`, first those that are there, then those that come, each exactly
 * once and in order. Ends after the last event of an operation that is over, with an event named `end`.
 *
 * A notification only says "look again": what is sent is always read from the database, after the last one sent. So
 * nothing is missed when a notification is lost, and nothing is repeated when one comes twice.
 */
export async function streamEvents(
  dependencies: EventStreamDependencies,
  operationId: string,
  after: number,
  response: StreamResponse,
): Promise<void> {
  const bell = createBell();
  const unwatch = dependencies.hub.watch(operationId, bell.ring);
  const timer = setInterval(bell.ring, dependencies.heartbeat ?? 15_000);
  response.closed.addEventListener("abort", bell.ring);
  let beats = Date.now();
  let sent = after;
  try {
    await response.write("retry: 1000\n\n");
    while (!response.closed.aborted) {
      const round = await sendNew(dependencies, operationId, sent, response);
      sent = round.sent;
      if (round.over) return await response.write("event: end\ndata: {}\n\n");
      if (round.more) continue;
      await bell.rung();
      if (Date.now() - beats < (dependencies.heartbeat ?? 15_000)) continue;
      beats = Date.now();
      if (!(await isAllowed(dependencies))) return;
      await response.write(": heartbeat\n\n");
    }
  } finally {
    clearInterval(timer);
    unwatch();
  }
}

/** Sends one batch. `over`: nothing will come any more; `more`: there may be another batch already. */
async function sendNew(
  { statusOf, eventsAfter, onTrouble }: EventStreamDependencies,
  operationId: string,
  after: number,
  response: StreamResponse,
): Promise<{ sent: number; over: boolean; more: boolean }> {
  let sent = after;
  try {
    // The status first: an event that is saved in between is then read in this round or in the next.
    const status = await statusOf(operationId);
    const events = await eventsAfter(operationId, sent, BATCH);
    for (const event of events) {
      if (response.closed.aborted) break;
      await response.write(`id: ${event.sequence}\nevent: progress\ndata: ${JSON.stringify(event)}\n\n`);
      sent = event.sequence;
    }
    const more = events.length === BATCH;
    return { sent, more, over: !more && (status === undefined || isFinal(status)) };
  } catch (error) {
    onTrouble(error);
    return { sent, more: false, over: false };
  }
}

/** A database that is away for a moment signs nobody out. */
async function isAllowed({ isStillAllowed, onTrouble }: EventStreamDependencies): Promise<boolean> {
  try {
    return await isStillAllowed();
  } catch (error) {
    onTrouble(error);
    return true;
  }
}

/** Somebody rings, one waits. Ringing before the wait counts, ringing twice counts once. */
function createBell() {
  let rang = false;
  let wake = () => {};
  return {
    ring: () => {
      rang = true;
      wake();
    },
    rung: async () => {
      if (!rang) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      rang = false;
    },
  };
}
