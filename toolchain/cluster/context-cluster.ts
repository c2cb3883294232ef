import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeConfig, V1StorageClass } from "@kubernetes/client-node";
import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import { ToolchainProblem, toError } from "../lib/problem.ts";
import type { Cluster } from "./ready-cluster.ts";

const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";

/** Reads the user's kubeconfig (KUBECONFIG, else `~/.kube/config`) and selects the context. */
async function loadConfiguration(name: string | undefined): Promise<KubeConfig> {
  // Loaded only here: the library takes half a second, which clusters of our own need not pay at every start.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const configuration = new KubeConfig();
  try {
    configuration.loadFromDefault();
  } catch (thrown) {
    throw new ToolchainProblem(
      `Your kubeconfig could not be read: ${toError(thrown).message}.`,
      "Correct the file (KUBECONFIG, or ~/.kube/config), or unset KUBECONFIG to use a cluster made here.",
      { cause: thrown },
    );
  }
  const names = configuration.getContexts().map((each) => each.name);
  const wanted = name ?? configuration.getCurrentContext();
  if (!names.includes(wanted)) {
    const known = names.length === 0 ? "it names none" : `it names ${names.join(", ")}`;
    throw new ToolchainProblem(
      `Your kubeconfig has no context named "${wanted}" (${known}).`,
      "Name one of its contexts with --context, or leave the option away to use a cluster made here.",
    );
  }
  configuration.setCurrentContext(wanted);
  return configuration;
}

/**
 * Who makes volumes that several nodes can mount at once. Kubernetes has no field that says it, so these are the ones
 * whose documentation does; for any other there is the configuration key sharedStorageClass.
 */
const sharingProvisioners = [
  /^efs\.csi\.aws\.com$/,
  /^file\.csi\.azure\.com$/,
  /^filestore\.csi\.storage\.gke\.io$/,
  /(^|\.)cephfs\.csi\.ceph\.com$/,
  /^driver\.longhorn\.io$/,
  /^nfs\.csi\.k8s\.io$/,
  /nfs-subdir-external-provisioner$/,
];

interface Classes {
  /** Empty without one. */
  readonly storageClass: string;
  /** The default one where it can share, else the first that can; empty without one. */
  readonly sharedStorageClass: string;
}

/** Chooses among a cluster's classes of volumes. */
export function chooseClasses(classes: readonly V1StorageClass[]): Classes {
  const isDefault = ({ metadata }: V1StorageClass) => metadata?.annotations?.[defaultClassAnnotation] === "true";
  const sharing = classes.filter(({ provisioner }) => sharingProvisioners.some((known) => known.test(provisioner)));
  return {
    storageClass: classes.find(isDefault)?.metadata?.name ?? "",
    sharedStorageClass: (sharing.find(isDefault) ?? sharing[0])?.metadata?.name ?? "",
  };
}

/** Throws a problem when the cluster does not answer. */
async function readClasses(configuration: KubeConfig): Promise<Classes> {
  const { StorageV1Api } = await import("@kubernetes/client-node");
  try {
    const classes = await configuration.makeApiClient(StorageV1Api).listStorageClass();
    return chooseClasses(classes.items);
  } catch (thrown) {
    const server = configuration.getCurrentCluster()?.server ?? "its address";
    throw new ToolchainProblem(
      `The cluster of context "${configuration.getCurrentContext()}" does not answer at ${server}.`,
      "Check the connection and your rights with kubectl, or name another context with --context.",
      { cause: thrown },
    );
  }
}

/** A cluster of the user's own. Nothing is installed into it here, and it is never stopped or removed by us. */
export async function contextCluster(context: ToolchainContext, name: string | undefined): Promise<Cluster> {
  const configuration = await loadConfiguration(name);
  const classes = await readClasses(configuration);
  // KUBECONFIG may be a list of files; tools that take one path get the merged result.
  const kubeconfig = join(context.paths.run, "kubeconfig");
  await writeFile(kubeconfig, configuration.exportConfig(), { mode: 0o600 });
  return {
    kind: "context",
    kubeconfig,
    context: configuration.getCurrentContext(),
    ...classes,
    enforcesNetworkPolicy: false,
    hasImage: async () => true,
    loadImage: async (_archive, reference) => {
      throw new ToolchainProblem(
        `The image ${reference} cannot be loaded into a cluster that was not made here.`,
        "Push it to a registry the cluster can pull from, and set STOREFLEET_REGISTRY to that registry.",
      );
    },
  };
}

export async function inspectContext(_context: ToolchainContext, name: string | undefined): Promise<Finding> {
  try {
    const configuration = await loadConfiguration(name);
    const { storageClass } = await readClasses(configuration);
    const choice = `your own cluster, context "${configuration.getCurrentContext()}"`;
    if (storageClass !== "") return { need: "cluster", choice, ready: true, missing: [] };
    const remedy = "Mark a StorageClass as the default, or set the configuration key storageClass for each store.";
    return { need: "cluster", choice, ready: true, missing: ["a default StorageClass"], remedy };
  } catch (thrown) {
    const problem = toError(thrown);
    const remedy = problem instanceof ToolchainProblem ? { remedy: problem.remedy } : {};
    return { need: "cluster", choice: "your own cluster", ready: false, missing: [problem.message], ...remedy };
  }
}
