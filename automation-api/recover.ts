import { type RunOptions, type StackConfig, StackError, type StackRunner, type UpResult } from "./stack-runner.ts";

export interface Recovery {
  /** Whether the run that holds the stack's lock is known to be dead. */
  readonly isLockDead: (stack: string) => boolean | Promise<boolean>;
  /** Repairs a Helm release that a killed run left in the middle of an operation. */
  readonly repairRelease: (stack: string, options: RunOptions) => Promise<void>;
}

/**
 * Frees a stack from what a killed run left behind: its lock, creates that were never confirmed, a Helm release stuck
 * in `pending-*`. Deterministic names and adoption then make the next run a no-op for what exists. A copy of the state is
 * kept as it was found, because a refresh forgets what it does not find.
 *
 * The lock goes last of what is done here by ourselves: it is what the next run knows by that there is something to recover from,
 * when this recovery is killed, too. The refresh takes a lock of its own.
 */
async function recover(runner: StackRunner, stack: string, recovery: Recovery, options: RunOptions): Promise<void> {
  await runner.keepCopy(stack, options);
  await options.lease?.check();
  await recovery.repairRelease(stack, options);
  try {
    await runner.unlock(stack, options);
    await runner.refresh(stack, options);
  } catch (error) {
    // A process that was given up and woke again may have taken the stack away meanwhile: nothing is left to recover.
    if (!(error instanceof StackError && error.kind === "not-found")) throw error;
  }
}

async function afterDeadRun<T>(
  runner: StackRunner,
  stack: string,
  recovery: Recovery,
  options: RunOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const lockedByDead = error instanceof StackError && error.kind === "locked" && (await recovery.isLockDead(stack));
    if (!lockedByDead) throw error;
    await recover(runner, stack, recovery, options);
    return work();
  }
}

/** A runner whose `up` and `destroy` go on where a killed run stopped. A lock of a living run is respected. */
export function withRecovery(runner: StackRunner, recovery: Recovery): StackRunner {
  return {
    ...runner,
    up: (stack, config: StackConfig, options = {}): Promise<UpResult> =>
      afterDeadRun(runner, stack, recovery, options, () => runner.up(stack, config, options)),
    destroy: (stack, options = {}) =>
      afterDeadRun(runner, stack, recovery, options, () => runner.destroy(stack, options)),
  };
}
