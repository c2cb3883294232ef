import { engines } from "../stores/engines/registry.ts";
import { imageNames } from "../stores/images.ts";
import { ENGINES } from "../stores/spec.ts";
import { type Cluster, type ClusterWish, ensureCluster } from "./cluster/cluster.ts";
import { ensureImages, prepareImages } from "./images/images.ts";
import type { ToolchainContext } from "./lib/context.ts";
import { ToolchainProblem, toError } from "./lib/problem.ts";

/** Images of the engine that most stores run, and of all others: a store on the first never waits for the second. */
const firstImages = engines[ENGINES[0]].images;
const furtherImages = imageNames.filter((name) => !firstImages.includes(name));

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
    prepareImages(context, firstImages).then(() => attempt(context, () => prepareImages(context, furtherImages))),
  ]);
  if (cluster.status === "rejected") throw cluster.reason;
  if (images.status === "rejected") throw images.reason;
  await ensureImages(context, cluster.value, firstImages);
  if (images.value) await attempt(context, () => ensureImages(context, cluster.value, furtherImages));
  return cluster.value;
}

/** Whether it worked. Where it does not, stores on the first engine can do without. */
async function attempt(context: ToolchainContext, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    const [line] = toError(thrown).message.split("\n");
    context.reporter.info(`No store can be made on another engine than ${engines[ENGINES[0]].title} now: ${line}`);
    return false;
  }
}
