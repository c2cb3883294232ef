import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";

/** Lets work through until it has failed several times in a row; then refuses it at once for a while. */
export interface Circuit {
  /** Throws CircuitOpen without beginning, or what the work throws. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Something that did not answer several times in a row is left alone for some seconds. */
export class CircuitOpen extends Error {
  override readonly name = "CircuitOpen";
}

export interface CircuitOptions {
  /** Which errors say that the other side is away. Default: all. */
  readonly counts?: (error: unknown) => boolean;
  /** Failures in a row. Default 5. */
  readonly failures?: number;
  /** Milliseconds until one try is let through again. Default 5000. */
  readonly pause?: number;
}

export function createCircuit({ counts = () => true, failures = 5, pause = 5000 }: CircuitOptions = {}): Circuit {
  const policy = circuitBreaker(handleWhen(counts), {
    halfOpenAfter: pause,
    breaker: new ConsecutiveBreaker(failures),
  });
  return {
    async run(work) {
      try {
        return await policy.execute(work);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new CircuitOpen(`It did not answer ${failures} times in a row and is left alone for a moment.`);
      }
    },
  };
}
