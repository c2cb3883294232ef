import { setTimeout as sleep } from "node:timers/promises";
import { type Cause, causeOf, causes, pauseBeforeRetry, sentenceFor } from "../domain/causes.ts";
import { failureOf } from "./explain.ts";

export interface TryAgainOptions {
  readonly signal: AbortSignal;
  /** Told before each pause, with a sentence. */
  readonly onRetry: (text: string) => void;
  /** Milliseconds of one second of a pause. Default 1000; less in tests. */
  readonly second?: number;
}

/**
 * Does `work`, and again after a pause when it fails for a cause that can pass. Throws the last error when it cannot, when it
 * was tried often enough, or when it is to stop.
 */
export async function tryAgain<T>(options: TryAgainOptions, work: () => Promise<T>): Promise<T> {
  const { signal, onRetry, second = 1000 } = options;
  const retried: Cause[] = [];
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const failure = signal.aborted ? undefined : failureOf(error);
      const cause = failure && causeOf(failure);
      const pause = cause && pauseBeforeRetry(cause, retried);
      if (failure === undefined || cause === undefined || pause === undefined) throw error;
      retried.push(cause);
      const same = retried.filter((each) => each === cause).length;
      onRetry(`${sentenceFor(failure)} Trying again in ${pause} s (${same} of ${causes[cause].retries}).`);
      await sleep(pause * second, undefined, { signal });
    }
  }
}
