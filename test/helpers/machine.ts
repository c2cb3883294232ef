import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackRunner } from "../../automation-api/stack-runner.ts";
import type { Target } from "../../stores/target.ts";
import { ensurePulumi, type Pulumi } from "../../toolchain/pulumi.ts";
import { createStoreRunner, targetOf } from "../../toolchain/stores.ts";
import { type TestCluster, takeCluster } from "./cluster.ts";

/** This machine's cluster and Pulumi, with a state of the tests' own: the machine's stores are never seen nor touched. */
export interface Machine extends TestCluster {
  readonly pulumi: Pulumi;
  readonly runner: StackRunner;
  readonly target: Target;
  /** Work folders and state of the tests; gone after {@link Machine.release}. */
  readonly folder: string;
  /** Removes the folder, after every stack that a test forgot. Fails when there was one. */
  release(): Promise<void>;
}

/**
 * Takes the machine for one test file.
 * @param shared folder of a machine that others use, too, whose owner releases it. Default: a folder of its own
 */
export async function takeMachine(shared?: string): Promise<Machine> {
  const taken = await takeCluster();
  const { context, cluster, helm } = taken;
  const folder = shared ?? mkdtempSync(join(tmpdir(), "storefleet-test-"));
  const state = join(folder, "state");
  const work = join(folder, "work");
  mkdirSync(state, { recursive: true });
  // No user's backend or passphrase reaches the tests: their stacks live and die in this folder.
  const environment = {
    ...context.environment,
    PULUMI_BACKEND_URL: undefined,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  const pulumi = await ensurePulumi({ ...context, environment, paths: { ...context.paths, state } });
  const runner = await createStoreRunner(pulumi, cluster, helm, work);
  const target = targetOf(cluster, context.environment.STOREFLEET_REGISTRY);

  async function release(): Promise<void> {
    const forgotten = await runner.list();
    for (const stack of forgotten) await runner.destroy(stack);
    rmSync(folder, { recursive: true, force: true });
    if (forgotten.length > 0) throw new Error(`Stacks were left behind by a test: ${forgotten.join(", ")}.`);
  }
  return { ...taken, pulumi, runner, target, folder, release };
}
