import { join } from "node:path";
import type { StackRunner } from "../automation-api/stack-runner.ts";
import { createStoreRunner as createRunner } from "../automation-api/store-runner.ts";
import { defaultImageRegistry } from "../stores/images.ts";
import { parseTarget, type Target } from "../stores/target.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { repositoryRoot } from "./lib/paths.ts";
import type { Pulumi } from "./pulumi.ts";

/** Folder of the store program. */
export const storeProgram = join(repositoryRoot, "stores");

/** What the store program has to know about a cluster. */
export function targetOf(cluster: Cluster, imageRegistry: string = defaultImageRegistry): Target {
  return parseTarget({
    storageClass: cluster.storageClass,
    sharedStorageClass: cluster.sharedStorageClass,
    imageRegistry,
    ...(cluster.ingress === undefined
      ? { ingressClass: "" }
      : {
          ingressClass: cluster.ingress.className,
          ingressNamespace: cluster.ingress.namespace,
          ingressPort: cluster.ingress.port,
        }),
  });
}

/** Everything a Pulumi process needs to work on this cluster. */
export function pulumiEnvironmentFor(pulumi: Pulumi, cluster: Cluster, helm: string): Record<string, string> {
  return {
    ...pulumi.environment,
    KUBECONFIG: cluster.kubeconfig,
    STOREFLEET_KUBE_CONTEXT: cluster.context,
    STOREFLEET_HELM: helm,
    // One run at a time per stack is ours to keep, so a release found in the middle of an operation belongs to a dead run.
    STOREFLEET_HELM_UNLOCK: "true",
  };
}

/** A runner of store stacks on this machine's Pulumi and cluster, which goes on after killed runs. */
export async function createStoreRunner(
  pulumi: Pulumi,
  cluster: Cluster,
  helm: string,
  workFolders: string,
): Promise<StackRunner> {
  const environment = pulumiEnvironmentFor(pulumi, cluster, helm);
  return createRunner({
    pulumiRoot: pulumi.root,
    program: storeProgram,
    workFolders,
    inherited: process.env,
    environment,
    backendUrl: environment.PULUMI_BACKEND_URL ?? "",
    kubeconfig: cluster.kubeconfig,
    context: cluster.context,
  });
}
