import { z } from "zod";
import type { OperationPods } from "./cluster/operation-pods.ts";
import { type PodRun, podLineSchema, sealCluster } from "./pod-run.ts";
import type { SigningKeySource } from "./signing-key.ts";
import { type RunOptions, StackError, type StackErrorKind, type StackRunner, type UpResult } from "./stack-runner.ts";

const LOST = "The pod in which Pulumi ran ended before its work was done.";

/**
 * A runner whose changes run in a pod of their own each: with limits of their own, and ended for certain when the pod is
 * gone, on whatever machine. What only asks is answered here.
 * @param passphrases by which pods open the way to other clusters
 */
export function createPodStackRunner(
  local: StackRunner,
  pods: OperationPods,
  passphrases: SigningKeySource,
): StackRunner {
  async function run(request: PodRun, options: RunOptions = {}): Promise<unknown> {
    const { operation, lease, signal } = options;
    if (operation === undefined || lease === undefined) {
      throw new Error("A run in a pod belongs to an operation, by which its pod is found.");
    }
    await lease.check();
    if (signal?.aborted) throw cancelled(request);
    const cluster = sealCluster(passphrases, operation, options.cluster);
    const job = await pods.start({ ...request, ...(cluster && { cluster }) }, { operation, fencing: lease.fencing });
    // Removing the Job asks its pod to stop; its last lines are still heard.
    const stop = () => void pods.remove(job).catch(() => {});
    signal?.addEventListener("abort", stop);
    try {
      return await heard(request, pods.follow(job, new AbortController().signal), options);
    } finally {
      signal?.removeEventListener("abort", stop);
      // What is over is removed by the cluster, too, only later.
      await pods.remove(job).catch(() => {});
    }
  }

  return {
    ...local,
    up: async (stack, config, options) => asUpResult(await run({ command: "up", stack, config }, options)),
    preview: async (stack, config, options) => asCounts(await run({ command: "preview", stack, config }, options)),
    refresh: async (stack, options) => asCounts(await run({ command: "refresh", stack }, options)),
    destroy: async (stack, options) => void (await run({ command: "destroy", stack }, options)),
  };
}

const countsSchema = z.record(z.string(), z.number());
const upResultSchema = z.object({ changes: countsSchema, outputs: z.record(z.string(), z.unknown()) });
const asUpResult = (result: unknown): UpResult => upResultSchema.parse(result);
const asCounts = (result: unknown) => countsSchema.parse(result);

/** What the pod told at its end, with all events before it handed on. */
async function heard(request: PodRun, lines: AsyncIterable<unknown>, { onEvent, signal }: RunOptions) {
  try {
    for await (const line of lines) {
      const told = podLineSchema.parse(line);
      if ("event" in told) onEvent?.(told.event);
      else if ("error" in told) throw asToldBy(told.error, signal);
      else return told.result;
    }
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw signal?.aborted ? cancelled(request) : new StackError("killed", LOST, { cause: error });
  }
  throw signal?.aborted ? cancelled(request) : new StackError("killed", LOST);
}

/** A pod that was asked to stop by somebody else, as when its node is emptied, says that it was cancelled; we know better. */
function asToldBy({ kind, message }: { kind: StackErrorKind; message: string }, signal: AbortSignal | undefined) {
  return kind === "cancelled" && !signal?.aborted ? new StackError("killed", LOST) : new StackError(kind, message);
}

function cancelled({ stack }: PodRun): StackError {
  return new StackError("cancelled", `The run on the stack "${stack}" was stopped before its end.`);
}
