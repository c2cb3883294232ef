import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./reporter.ts";

/** Whether the database has been reached without a break. */
export interface Contact {
  /** Does something with the database, and notes whether it was reached. Throws NoAnswer when it stays silent. */
  through<T>(work: () => Promise<T>): Promise<T>;
  /** False while the database is away, and until it has been back for long enough that others have been heard of, too. */
  isSteady(): boolean;
}

/** Milliseconds for an answer that has come while nobody was looking. */
const SECOND_LOOK = 500;

/** A database took a question and gives no answer: its machine is gone, and nobody has told us. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/**
 * @param settling milliseconds until contact counts as steady after it was lost, and for which an answer is waited for. A
 * connection whose other end has vanished would otherwise be waited on for a quarter of an hour.
 */
export function createContact(settling: number, clock: Pick<Clock, "ticks">): Contact {
  async function answered<T>(work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const { signal } = waiting;
    // Twice: when this process itself was paused, the first wait is over at once, and the answer is about to be read.
    const late = sleep(settling, undefined, { signal }).then(() => sleep(SECOND_LOOK, undefined, { signal }));
    const silent = late.then(() => {
      throw new NoAnswer(`The database has not answered for ${settling / 1000} seconds.`);
    });
    silent.catch(() => {});
    try {
      return await Promise.race([work(), silent]);
    } finally {
      waiting.abort();
    }
  }

  let isLost = false;
  let steadyFrom = Number.NEGATIVE_INFINITY;
  return {
    async through(work) {
      try {
        const result = await answered(work);
        if (isLost) steadyFrom = clock.ticks() + settling;
        isLost = false;
        return result;
      } catch (error) {
        isLost = true;
        throw error;
      }
    },
    isSteady: () => !isLost && clock.ticks() >= steadyFrom,
  };
}
