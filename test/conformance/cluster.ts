import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { ensureCluster } from "../../toolchain/cluster/cluster.ts";
import { createContext } from "../../toolchain/lib/context.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { ensureSleepImage, sleepImage } from "./sleep-image.ts";

const NAMESPACE = "shop";

/** The cluster the recordings that need one are run on. */
export interface TestCluster {
  /** What somebody changes by hand before a step. */
  before(id: string): Promise<void>;
  /** Removes what a run may have left. */
  clean(): Promise<void>;
}

/** The cluster that `npm test` prepared or KUBECONFIG names, or why there is none to use. */
export async function findCluster(): Promise<TestCluster | { missing: string }> {
  let loaded = false;
  if (process.env.STOREFLEET_TEST_KUBECONFIG !== undefined) {
    const context = createContext();
    const silent = { ...context, reporter: createSilentReporter(context.paths.logs) };
    const cluster = await ensureCluster(silent);
    await ensureSleepImage(cluster);
    // The node itself tells of new images only every few minutes.
    loaded = await cluster.hasImage(sleepImage);
    // For the programs under test, and only from here on: it would make the toolchain take the cluster for a foreign one.
    process.env.KUBECONFIG = process.env.STOREFLEET_TEST_KUBECONFIG;
  }
  if (process.env.KUBECONFIG === undefined || process.env.KUBECONFIG === "")
    return { missing: "KUBECONFIG is not set" };
  const config = new KubeConfig();
  config.loadFromDefault();
  const api = config.makeApiClient(CoreV1Api);
  const nodes = await api.listNode().catch((error: unknown) => String(error));
  if (typeof nodes === "string") return { missing: `the cluster does not answer: ${nodes.slice(0, 200)}` };
  const images = nodes.items.flatMap((node) => node.status?.images ?? []).flatMap(({ names }) => names ?? []);
  if (!loaded && !images.includes(sleepImage))
    return { missing: `the image ${sleepImage} (any that has \`sleep\`) is not on the node` };
  return { before: (id) => changeByHand(api, id), clean: () => clean(api) };
}

async function changeByHand(api: CoreV1Api, id: string): Promise<void> {
  if (id === "073-store-refresh-preview-after-drift") {
    const quota = await api.readNamespacedResourceQuota({ name: "quota", namespace: NAMESPACE });
    quota.spec = { ...quota.spec, hard: { pods: "99" } };
    await api.replaceNamespacedResourceQuota({
      name: "quota",
      namespace: NAMESPACE,
      body: quota,
      fieldManager: "kubectl-patch",
    });
  }
  if (id === "076-store-refresh-after-deletion") {
    await api.deleteNamespacedSecret({ name: "credentials", namespace: NAMESPACE });
  }
}

async function clean(api: CoreV1Api): Promise<void> {
  const exists = async () => (await api.listNamespace()).items.some(({ metadata }) => metadata?.name === NAMESPACE);
  if (!(await exists())) return;
  await api.deleteNamespace({ name: NAMESPACE });
  while (await exists()) await new Promise((resolve) => setTimeout(resolve, 500));
}
