import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import { contextCluster, inspectContext } from "./context-cluster.ts";
import { dockerAnswers, ensureK3d, inspectK3d, removeK3d, stopK3d } from "./k3d.ts";
import { inspectNative } from "./native/inspect.ts";
import { ensureNative, nativeExists } from "./native/native.ts";
import { removeNative } from "./native/remove.ts";
import { stopNative } from "./native/stop.ts";
import type { Cluster } from "./ready-cluster.ts";

export type { Cluster } from "./ready-cluster.ts";

/** What the user asked for. */
export interface ClusterWish {
  /** A context of the user's own kubeconfig, to use that cluster instead of making one. */
  readonly context?: string;
}

/**
 * Which kind of cluster would be used: the user's own, else k3d where Docker answers, else the native one.
 * A native cluster that was made earlier stays in use though Docker came later: stores live in it.
 */
async function choose(context: ToolchainContext, wish: ClusterWish): Promise<Cluster["kind"]> {
  if (wish.context !== undefined || context.environment.KUBECONFIG !== undefined) return "context";
  if (await nativeExists(context)) return "native";
  return (await dockerAnswers()) ? "k3d" : "native";
}

/** Makes sure that there is a cluster that answers, with DNS, a StorageClass and an ingress. Quick when it runs already. */
export async function ensureCluster(context: ToolchainContext, wish: ClusterWish = {}): Promise<Cluster> {
  switch (await choose(context, wish)) {
    case "context":
      return contextCluster(context, wish.context);
    case "k3d":
      return ensureK3d(context);
    case "native":
      return ensureNative(context);
  }
}

/** Stops the cluster we made, keeping the stores' data. The user's own cluster is never touched. */
export async function stopCluster(context: ToolchainContext): Promise<void> {
  await stopNative(context);
  await stopK3d(context);
}

/** Removes the cluster we made, with everything in it and everything it put on the machine. */
export async function removeCluster(context: ToolchainContext): Promise<void> {
  await removeNative(context);
  await removeK3d(context);
}

/** Which cluster would be used, and what it lacks. */
export async function inspectCluster(context: ToolchainContext, wish: ClusterWish = {}): Promise<Finding> {
  switch (await choose(context, wish)) {
    case "context":
      return inspectContext(context, wish.context);
    case "k3d":
      return inspectK3d(context);
    case "native":
      return inspectNative(context);
  }
}
