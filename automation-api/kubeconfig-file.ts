import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunOptions, StackConfig, StackRunner } from "./stack-runner.ts";

/**
 * Gives runs on another cluster its kubeconfig as a file that only we can read, for as long as a run lasts. What a run that
 * was killed has left is removed by the next one on the same stack.
 * @param folder where such files are
 */
export function withKubeconfigFile(runner: StackRunner, folder: string): StackRunner {
  async function during<T>(stack: string, options: RunOptions = {}, work: (run: RunOptions) => Promise<T>): Promise<T> {
    const { cluster } = options;
    if (cluster === undefined) return work(options);
    // Always of the same name: Pulumi keeps it in the state, and a run that removes the stack looks for it there.
    const own = join(folder, stack);
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true, mode: 0o700 });
    try {
      const file = join(own, "kubeconfig");
      writeFileSync(file, cluster.content, { mode: 0o600 });
      return await work({ ...options, environment: { KUBECONFIG: file, STOREFLEET_KUBE_CONTEXT: cluster.context } });
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }
  return {
    ...runner,
    up: (stack: string, config: StackConfig, options) => during(stack, options, (run) => runner.up(stack, config, run)),
    preview: (stack: string, config: StackConfig, options) =>
      during(stack, options, (run) => runner.preview(stack, config, run)),
    refresh: (stack, options) => during(stack, options, (run) => runner.refresh(stack, run)),
    destroy: (stack, options) => during(stack, options, (run) => runner.destroy(stack, run)),
  };
}
