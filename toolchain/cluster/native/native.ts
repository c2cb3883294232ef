import type { ToolchainContext } from "../../lib/context.ts";
import { withLock } from "../../lib/lock.ts";
import type { Paths } from "../../lib/paths.ts";
import type { Cluster } from "../ready-cluster.ts";
import { openApi } from "./api.ts";
import { clusterLock } from "./cluster-lock.ts";
import { pathsOf } from "./foreign.ts";
import { apiIsReady, deadDaemons, longAgo, nodeIsReady } from "./health.ts";
import { imageNames, importArchive } from "./images.ts";
import { requireMachine } from "./machine.ts";
import { readOwner, readRecord } from "./record.ts";
import { contextName, ingress, type Layout, layout, sharedStorageClass, storageClass } from "./settings.ts";
import { startNative } from "./start.ts";

/** Whether the cluster of these folders runs and answers. Takes milliseconds. */
export async function isUp(paths: Paths): Promise<boolean> {
  if (deadDaemons(paths).length > 0) return false;
  const api = await openApi(layout(paths));
  if (api === undefined) return false;
  try {
    return (await apiIsReady(api)) && (await nodeIsReady(api, longAgo));
  } finally {
    api.close();
  }
}

/**
 * Makes sure that the native cluster of this machine runs. There is one per machine: where that of another home folder
 * runs already (a test run beside a fleet), that one is used.
 */
export async function ensureNative(context: ToolchainContext): Promise<Cluster> {
  const running = await runningCluster(context);
  if (running !== undefined) return running;
  await requireMachine(context);
  return withLock(
    clusterLock(context.paths),
    "starting the cluster",
    async () => {
      const already = await runningCluster(context);
      if (already !== undefined) return already;
      await startNative(context);
      return describe(context, context.environment.STOREFLEET_HTTP_PORT);
    },
    { waitSeconds: 3600, signal: context.signal },
  );
}

/** Whether a native cluster was started from our home folder and not removed since, running or not. */
export async function nativeExists(context: ToolchainContext): Promise<boolean> {
  return (await readRecord(layout(context.paths))) !== undefined;
}

async function runningCluster(context: ToolchainContext): Promise<Cluster | undefined> {
  const paths = pathsOf((await readOwner()) ?? context.paths.home, context.paths);
  if (!(await isUp(paths))) return undefined;
  const record = await readRecord(layout(paths));
  if (record === undefined) return undefined;
  const ours = paths.home === context.paths.home;
  // Another port than the running one was asked for: our own cluster can be told so, somebody else's is taken as it is.
  if (ours && record.httpPort !== context.environment.STOREFLEET_HTTP_PORT) return undefined;
  return describe({ ...context, paths }, record.httpPort);
}

/** A cluster that an older Storefleet has started, and that runs still, has no class of shared volumes yet. */
async function sharedClassAt(at: Layout): Promise<string> {
  const api = await openApi(at);
  const found = await api?.get(`/apis/storage.k8s.io/v1/storageclasses/${sharedStorageClass}`);
  api?.close();
  return found?.status === 200 ? sharedStorageClass : "";
}

async function describe(context: ToolchainContext, httpPort: number): Promise<Cluster> {
  const at = layout(context.paths);
  return {
    kind: "native",
    kubeconfig: at.kubeconfig,
    context: contextName,
    ingress: { ...ingress, address: "127.0.0.1", port: httpPort },
    storageClass,
    sharedStorageClass: await sharedClassAt(at),
    enforcesNetworkPolicy: true,
    hasImage: async (reference) => (await imageNames(context)).has(reference),
    loadImage: (archive, reference) => importArchive(context, archive, reference),
  };
}
