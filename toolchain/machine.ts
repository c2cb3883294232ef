import { imageNames } from "../stores/images.ts";
import { type Cluster, type ClusterWish, ensureCluster } from "./cluster/cluster.ts";
import { ensureImages, prepareImages } from "./images/images.ts";
import type { ToolchainContext } from "./lib/context.ts";
import { ToolchainProblem } from "./lib/problem.ts";

/**
 * Makes sure of a cluster that can start the images of every store.
 * Images are built while a cluster of ours comes up; a cluster of the user's pulls them from a registry.
 */
export async function ensureClusterWithImages(context: ToolchainContext, wish: ClusterWish = {}): Promise<Cluster> {
  const usersOwn = wish.context !== undefined || context.environment.KUBECONFIG !== undefined;
  if (usersOwn && context.environment.STOREFLEET_REGISTRY === undefined) {
    throw new ToolchainProblem(
      "A cluster of your own pulls the stores' images from a registry, and none is named.",
      "Upload them with STOREFLEET_REGISTRY=registry.example.com/team npm run publish-images, and start with the same variable.",
    );
  }
  // Both to their end, so that one problem does not leave the other half at work behind our back.
  const [cluster, images] = await Promise.allSettled([
    ensureCluster(context, wish),
    prepareImages(context, imageNames),
  ]);
  if (cluster.status === "rejected") throw cluster.reason;
  if (images.status === "rejected") throw images.reason;
  await ensureImages(context, cluster.value, imageNames);
  return cluster.value;
}
