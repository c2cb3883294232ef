import { type StackConfig, StackError, type StackRunner } from "./stack-runner.ts";
import type { BackendStatus } from "./state-backend.ts";

/** Begins no run while Pulumi's state is away: it would fail after minutes of trying, half-way through. */
export function withReachableState(runner: StackRunner, probe: () => Promise<BackendStatus>): StackRunner {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if ((await probe()) === "away") throw new StackError("failed", "Pulumi's state backend does not answer.");
    return work();
  };
  return {
    ...runner,
    up: (stack: string, config: StackConfig, run) => guarded(() => runner.up(stack, config, run)),
    preview: (stack: string, config: StackConfig, run) => guarded(() => runner.preview(stack, config, run)),
    refresh: (stack, run) => guarded(() => runner.refresh(stack, run)),
    destroy: (stack, run) => guarded(() => runner.destroy(stack, run)),
  };
}
