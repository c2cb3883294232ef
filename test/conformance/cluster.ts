import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

/** The image of the program `store`; it has to be on the node, because no registry has it. */
const IMAGE = "localhost/busybox:1";
const NAMESPACE = "shop";

/** The cluster the recordings that need one are run on. */
export interface TestCluster {
  /** What somebody changes by hand before a step. */
  before(id: string): Promise<void>;
  /** Removes what a run may have left. */
  clean(): Promise<void>;
}

/** The cluster KUBECONFIG names, or why it cannot be used. */
export async function findCluster(): Promise<TestCluster | { missing: string }> {
  if (process.env.KUBECONFIG === undefined || process.env.KUBECONFIG === "")
    return { missing: "KUBECONFIG is not set" };
  const config = new KubeConfig();
  config.loadFromDefault();
  const api = config.makeApiClient(CoreV1Api);
  const nodes = await api.listNode().catch((error: unknown) => String(error));
  if (typeof nodes === "string") return { missing: `the cluster does not answer: ${nodes.slice(0, 200)}` };
  const images = nodes.items.flatMap((node) => node.status?.images ?? []).flatMap(({ names }) => names ?? []);
  if (!images.includes(IMAGE)) return { missing: `the image ${IMAGE} (any that has \`sleep\`) is not on the node` };
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
