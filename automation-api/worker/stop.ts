/**
 * Why work on an operation stops before its end: somebody cancelled it, this worker is being stopped, nothing was heard of
 * it for too long, it took too long in all, its cluster has gone away, or another worker has taken it over.
 */
export type StopReason = "cancel" | "shutdown" | "silence" | "deadline" | "away" | "lost";

/** How work on one operation is told to stop. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Why it is to stop; `undefined` while nobody wants it to. */
  reason(): StopReason | undefined;
  /** Asks for it to stop. The first reason stays, unless it is lost: then nothing may be written any more. */
  request(reason: StopReason): void;
  /** Ends the wait for processes that do not stop. Call it when the work is over. */
  release(): void;
}

/** How long processes have to stop by themselves, in milliseconds, by reason. */
export type Grace = Readonly<Record<Exclude<StopReason, "lost">, number>>;

export interface StopOptions {
  /** Ends the processes of this run by force, and no other's. */
  readonly kill: () => Promise<unknown>;
  readonly grace: Grace;
  /** Told when processes cannot be ended. */
  readonly onError: (error: unknown) => void;
}

/**
 * Stopping in two stages. First the run is asked: Pulumi finishes what it is doing with a resource and saves its state. What
 * has not stopped after the grace period is killed, and the next run recovers from that. The processes of a lost operation
 * are killed at once: somebody else works on the store by now, or is about to.
 */
export function createStop({ kill, grace, onError }: StopOptions): Stop {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  const asked = new Set<StopReason>();
  let timer: NodeJS.Timeout | undefined;
  const killNow = () => void kill().catch(onError);
  return {
    signal: controller.signal,
    reason: () => reason,
    request(wanted) {
      // Said again: the time it has runs already.
      if (asked.has(wanted)) return;
      asked.add(wanted);
      clearTimeout(timer);
      if (wanted === "lost") reason = wanted;
      reason ??= wanted;
      // For another reason, as when the worker stops while it cancels: the last one to ask says how long there is.
      if (wanted === "lost") killNow();
      else if (reason !== "lost") timer = setTimeout(killNow, grace[wanted]);
      controller.abort(new Error(`Stopped: ${wanted}.`));
    },
    release: () => clearTimeout(timer),
  };
}
