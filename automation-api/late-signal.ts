import { getEventListeners } from "node:events";
import { setInterval } from "node:timers";

/** How often we look whether somebody listens by now, in milliseconds. */
const PATIENCE = 20;

export interface LateSignal {
  readonly signal: AbortSignal;
  /** Ends the watch. Call it when the command is over. */
  release(): void;
}

/**
 * A signal that passes an abort on only once somebody listens. The Automation API begins to listen when its process is
 * started, some moments after it was called, and an abort in between would never be heard: the command would run to its end.
 */
export function lateSignal(given: AbortSignal): LateSignal {
  const controller = new AbortController();
  let watch: NodeJS.Timeout | undefined;
  const pass = () => {
    if (getEventListeners(controller.signal, "abort").length === 0) return;
    clearInterval(watch);
    controller.abort(given.reason);
  };
  const begin = () => {
    watch = setInterval(pass, PATIENCE);
    pass();
  };
  if (given.aborted) begin();
  else given.addEventListener("abort", begin, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearInterval(watch);
      given.removeEventListener("abort", begin);
    },
  };
}
