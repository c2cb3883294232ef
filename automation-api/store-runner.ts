import { join } from "node:path";
import { namespaceOf, RELEASE_NAME } from "../stores/names.ts";
import { createAutomationStackRunner } from "./automation-stack-runner.ts";
import { isLockDead } from "./dead-lock.ts";
import { withKubeconfigFile } from "./kubeconfig-file.ts";
import { withReachableState } from "./reachable-state.ts";
import { withRecovery } from "./recover.ts";
import type { StackRunner } from "./stack-runner.ts";
import { createBackendProbe } from "./state-backend.ts";
import { tracedRunner } from "./tracing/traced-runner.ts";

/** Name of the store program's project. */
const PROJECT = "stores";

export interface StoreRunnerOptions {
  /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
  readonly pulumiRoot: string | undefined;
  /** Folder of the store program. */
  readonly program: string;
  /** Folder in which every stack gets a work folder of its own. */
  readonly workFolders: string;
  /** Environment of this process; those of Pulumi inherit it. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** What Pulumi's processes are given on top of our environment: backend, home, passphrase file, cluster. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where Pulumi keeps its state. */
  readonly backendUrl: string;
  /** What secrets of new stacks are encrypted with. Default: what is usual for the backend. */
  readonly secretsProvider?: string | undefined;
  /** The cluster in which stores run. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Whether another machine that may hold a stack's lock is gone for ever. Default: none is. */
  readonly isHostGone?: (hostname: string) => Promise<boolean>;
}

/** A runner of store stacks which goes on after killed runs. */
export async function createStoreRunner(options: StoreRunnerOptions): Promise<StackRunner> {
  const { inherited, backendUrl, kubeconfig, context } = options;
  const runner = await createAutomationStackRunner(options);
  // Recovery works within a run, and so with its kubeconfig.
  const reachable = withReachableState(tracedRunner(runner), createBackendProbe(backendUrl, inherited));
  const recovering = withRecovery(reachable, {
    isLockDead: (stack) => isLockDead(backendUrl, PROJECT, stack, options.isHostGone),
    repairRelease: async (stack, { environment = {} }) => {
      // Loaded only when a run was killed: the Kubernetes client behind it costs 80 MB.
      const { repairPendingRelease } = await import("./release-repair.ts");
      const { KUBECONFIG = kubeconfig, STOREFLEET_KUBE_CONTEXT = context } = environment;
      const there = { kubeconfig: KUBECONFIG, context: STOREFLEET_KUBE_CONTEXT };
      await repairPendingRelease({ ...there, namespace: namespaceOf(stack), name: RELEASE_NAME });
    },
  });
  return withKubeconfigFile(recovering, join(options.workFolders, ".clusters"));
}
