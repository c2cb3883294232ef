import { type ImageName, imageReference } from "../../stores/images.ts";
import { type Cluster, ensureCluster } from "../../toolchain/cluster/cluster.ts";
import { ensureImages, prepareImages } from "../../toolchain/images/images.ts";
import { createContext, type ToolchainContext } from "../../toolchain/lib/context.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { ensureClusterWithImages } from "../../toolchain/machine.ts";
import { ensureTool } from "../../toolchain/tools/tools.ts";

/** This machine's cluster and the tools to look into it. Whoever makes something in it also removes it. */
export interface TestCluster {
  readonly context: ToolchainContext;
  readonly cluster: Cluster;
  /** Paths of the executables; see `runHelm` and `kubectl` for short. */
  readonly helm: string;
  readonly kubectl: string;
  /** The name by which the cluster knows an image of ours. */
  image(name: ImageName): string;
}

/**
 * Makes sure of the cluster and of images in it.
 * @param images the ones that the test needs. Default: all that stores are made of
 */
export async function takeCluster(images?: readonly ImageName[]): Promise<TestCluster> {
  const base = createContext();
  const context = { ...base, reporter: createSilentReporter(base.paths.logs) };
  const cluster =
    images === undefined ? await ensureClusterWithImages(context) : await ensureClusterWith(context, images);
  const helm = await ensureTool(context, "helm");
  const kubectl = await ensureTool(context, "kubectl");
  const image = (name: ImageName) => imageReference(name, context.environment.STOREFLEET_REGISTRY);
  return { context, cluster, helm, kubectl, image };
}

async function ensureClusterWith(context: ToolchainContext, images: readonly ImageName[]): Promise<Cluster> {
  const [cluster] = await Promise.all([ensureCluster(context), prepareImages(context, images)]);
  await ensureImages(context, cluster, images);
  return cluster;
}
