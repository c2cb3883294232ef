import { DomainError } from "../use-cases/domain-error.ts";

/** Does something when it is its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * So many at once, the others in the order in which they came. Whoever waits for longer than `patience` milliseconds is told to
 * come again. Without it, a burst would wait for connections to the database, which it shares with everybody who only reads.
 */
export function createTurns(most: number, patience: number): Turns {
  const waiting = new Set<() => void>();
  let taken = 0;

  function wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        waiting.delete(begin);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(begin);
        reject(
          new DomainError("unavailable", "Too much is asked for at once; try again in a moment.", { retryAfter: 2 }),
        );
      }, patience);
      waiting.add(begin);
    });
  }
  return async (work) => {
    if (taken < most) taken += 1;
    else await wait();
    try {
      return await work();
    } finally {
      const [next] = waiting;
      // The turn is handed on, so that nobody who comes just now is faster.
      if (next === undefined) taken -= 1;
      else next();
    }
  };
}
