import { z } from "zod";
import { openCluster, type PodRun, podRunSchema } from "./pod-run.ts";
import type { RunOptions } from "./stack-runner.ts";
import type { StoreRunnerOptions } from "./store-runner.ts";

// With config.ts the only files that read the environment.

/** What the pod of one operation is told. */
export interface PodConfig {
  readonly run: PodRun;
  /** Id of the operation, and the number of the lease under which it runs. */
  readonly operation: string;
  readonly fencing: string;
  /** The pod's own namespace. */
  readonly namespace: string;
  readonly runnerOptions: StoreRunnerOptions;
  /** How the store's cluster is reached; `undefined`: it is the home cluster. */
  readonly cluster: RunOptions["cluster"];
}

const schema = z.object({
  STOREFLEET_RUN: z.string().transform((json) => podRunSchema.parse(JSON.parse(json))),
  STOREFLEET_OPERATION: z.string(),
  STOREFLEET_FENCING: z.string(),
  STOREFLEET_NAMESPACE: z.string(),
  STOREFLEET_STORE_PROGRAM: z.string(),
  STOREFLEET_WORK: z.string(),
  STOREFLEET_PULUMI_ROOT: z.string().optional(),
  STOREFLEET_KUBE_CONTEXT: z.string(),
  PULUMI_BACKEND_URL: z.string(),
  KUBECONFIG: z.string(),
  STOREFLEET_SECRETS_PROVIDER: z.string().optional(),
});

/** Throws when something is missing; the worker that made the pod tells it all of this. */
export function readPodConfig(environment: NodeJS.ProcessEnv = process.env): PodConfig {
  const values = schema.parse(environment);
  return {
    run: values.STOREFLEET_RUN,
    operation: values.STOREFLEET_OPERATION,
    fencing: values.STOREFLEET_FENCING,
    namespace: values.STOREFLEET_NAMESPACE,
    cluster: openCluster(environment, values.STOREFLEET_OPERATION, values.STOREFLEET_RUN),
    runnerOptions: {
      pulumiRoot: values.STOREFLEET_PULUMI_ROOT,
      program: values.STOREFLEET_STORE_PROGRAM,
      workFolders: values.STOREFLEET_WORK,
      inherited: environment,
      environment: {},
      backendUrl: values.PULUMI_BACKEND_URL,
      secretsProvider: values.STOREFLEET_SECRETS_PROVIDER,
      kubeconfig: values.KUBECONFIG,
      context: values.STOREFLEET_KUBE_CONTEXT,
    },
  };
}
