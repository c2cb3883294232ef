import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../contract/operation.ts";
import type { NewProgressEvent } from "../database/progress-event-repository.ts";

/** Saves what happens in an operation, in order and one write at a time. */
export interface ProgressWriter {
  /** One more line. It is written at once when no write is under way, else together with what comes in the meantime. */
  add(event: NewProgressEvent): void;
  /** How far the operation is has changed; of several changes between two writes only the last one is written. */
  update(progress: Progress): void;
  /** Resolves when all that was given is saved, or cannot be saved any more. */
  flush(): Promise<void>;
}

export interface ProgressWriterOptions {
  /** Saves all of it or nothing; false when the operation is not ours any more. */
  readonly save: (progress: Progress, events: readonly NewProgressEvent[]) => Promise<boolean>;
  /** Whether a save that failed with this error is to be tried again. */
  readonly mayRetry: (error: unknown) => boolean;
  /** The operation is not ours any more; nothing more is written. */
  readonly onLost: () => void;
  /** A save failed for good; nothing more is written. */
  readonly onError: (error: unknown) => void;
}

/** Pause before a save is tried again, in milliseconds. */
const PAUSE = 500;

export function createProgressWriter({ save, mayRetry, onLost, onError }: ProgressWriterOptions): ProgressWriter {
  let waiting: NewProgressEvent[] = [];
  let progress: Progress | undefined;
  let isOver = false;
  let writing: Promise<void> | undefined;

  async function saveSurely(newest: Progress, events: readonly NewProgressEvent[]): Promise<boolean> {
    for (;;) {
      try {
        return await save(newest, events);
      } catch (error) {
        if (!mayRetry(error)) throw error;
        await sleep(PAUSE);
      }
    }
  }

  async function writeAll(): Promise<void> {
    try {
      while (!isOver && progress !== undefined) {
        const [newest, events] = [progress, waiting];
        [progress, waiting] = [undefined, []];
        if (!(await saveSurely(newest, events))) {
          isOver = true;
          onLost();
        }
      }
    } catch (error) {
      isOver = true;
      onError(error);
    } finally {
      writing = undefined;
    }
  }

  function update(newest: Progress): void {
    if (isOver) return;
    progress = newest;
    writing ??= writeAll();
  }

  return {
    add(event) {
      waiting.push(event);
      update(event.progress);
    },
    update,
    flush: async () => {
      await writing;
    },
  };
}
