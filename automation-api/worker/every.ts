import type { Logger } from "pino";

/** Something that is done again and again, never twice at the same time. */
export interface Repetition {
  /** Does it now, or once more after the time that is under way. */
  now(): void;
  /** Ends it, and waits for the time that is under way. */
  stop(): Promise<void>;
}

/**
 * Does `work` at once and then again, `interval` milliseconds after the end of the time before. An error is logged and
 * costs one time only: most come from a database that is away for a moment.
 */
export function every(interval: number, logger: Logger, work: () => Promise<void>): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let again = false;
  let working: Promise<void> | undefined;

  async function once(): Promise<void> {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error }, "something regular could not be done; it is tried again");
    }
  }
  function begin(): void {
    clearTimeout(timer);
    working = once().then(() => {
      working = undefined;
      if (isStopped) return;
      timer = setTimeout(begin, again ? 0 : interval);
      again = false;
    });
  }

  begin();
  return {
    now() {
      if (isStopped) return;
      if (working === undefined) begin();
      else again = true;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
