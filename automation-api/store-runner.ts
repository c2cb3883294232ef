import { NAMESPACE_PREFIX } from "../stores/spec.ts";
import { createAutomationStackRunner } from "./automation-stack-runner.ts";
import { isLockDead } from "./dead-lock.ts";
import { withRecovery } from "./recover.ts";
import { repairPendingRelease } from "./release-repair.ts";
import type { StackRunner } from "./stack-runner.ts";

/** Project of the store program, and name of the release in it (`stores/names.ts`). */
const PROJECT = "stores";
const RELEASE = "store";

export interface StoreRunnerOptions {
  /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
  readonly pulumiRoot: string | undefined;
  /** Folder of the store program. */
  readonly program: string;
  /** Folder in which every stack gets a work folder of its own. */
  readonly workFolders: string;
  /** What Pulumi's processes are given on top of our environment: backend, home, passphrase file, cluster. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where Pulumi keeps its state. */
  readonly backendUrl: string;
  /** The cluster in which stores run. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** A runner of store stacks which goes on after killed runs. */
export async function createStoreRunner(options: StoreRunnerOptions): Promise<StackRunner> {
  const { pulumiRoot, program, workFolders, environment, backendUrl, kubeconfig, context } = options;
  const runner = await createAutomationStackRunner({ pulumiRoot, program, workFolders, environment });
  return withRecovery(runner, {
    isLockDead: (stack) => isLockDead(backendUrl, PROJECT, stack),
    repairRelease: (stack) =>
      repairPendingRelease({ kubeconfig, context, namespace: `${NAMESPACE_PREFIX}${stack}`, name: RELEASE }),
  });
}
