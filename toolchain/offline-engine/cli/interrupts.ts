/** Ends the process at once with the code shells give to a process ended by an interrupt. */
const TERMINATED = 130;

/**
 * Interrupts during an update: the first asks it to stop and keeps the state, the second ends the process where it is.
 * The watch ends with `stop`, after which an interrupt does what it always does.
 */
export function watchInterrupts(onFirst: () => void, onSecond: () => void): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(TERMINATED);
    }
    onFirst();
    controller.abort(new Error("canceled"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
