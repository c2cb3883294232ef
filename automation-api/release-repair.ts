import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, KubeConfig, type V1Secret } from "@kubernetes/client-node";

export interface StuckRelease {
  /** Path of the kubeconfig of the cluster. */
  readonly kubeconfig: string;
  /** Context in the kubeconfig. Default: its current one. */
  readonly context?: string;
  readonly namespace: string;
  /** Name of the release. */
  readonly name: string;
  /**
   * Whether the stack's state knows the release. `false` makes Helm forget it. Default: it does when the release is past
   * its first revision.
   */
  readonly inState?: boolean;
}

/**
 * Frees a Helm release whose last operation was killed. Helm refuses to touch such a release ("another operation is in
 * progress", "cannot re-use a name that is still in use") and neither `pulumi cancel` nor `pulumi refresh` changes that.
 * A release the state does not know is forgotten by Helm: its objects stay, and the next install adopts them. One it does
 * know has its last revision marked failed, which is no obstacle to the next upgrade.
 *
 * Call it before the next `up` on the stack, and only when nobody else can be working on the release: its lease is ours
 * and the process of the last operation is known to be dead.
 */
export async function repairPendingRelease(release: StuckRelease): Promise<void> {
  const { namespace, name, inState } = release;
  const api = connect(release);
  const records = await api.listNamespacedSecret({ namespace, labelSelector: `owner=helm,name=${name}` });
  const newest = records.items.toSorted((left, right) => revisionOf(right) - revisionOf(left))[0];
  if (newest === undefined) return;
  if (inState === false || (inState === undefined && isPending(newest) && revisionOf(newest) === 1)) {
    for (const record of records.items) await api.deleteNamespacedSecret({ namespace, name: nameOf(record) });
  } else if (isPending(newest)) {
    await api.replaceNamespacedSecret({ namespace, name: nameOf(newest), body: markedFailed(newest) });
  }
}

function connect({ kubeconfig, context }: StuckRelease): CoreV1Api {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config.makeApiClient(CoreV1Api);
}

function nameOf(record: V1Secret): string {
  return record.metadata?.name ?? "";
}

function revisionOf(record: V1Secret): number {
  return Number(record.metadata?.labels?.version);
}

function isPending(record: V1Secret): boolean {
  return record.metadata?.labels?.status?.startsWith("pending-") ?? false;
}

/** Helm's own way to record a failure: in the label, and in the zipped JSON of the release. */
function markedFailed(record: V1Secret): V1Secret {
  const stored = Buffer.from(record.data?.release ?? "", "base64").toString("utf8");
  const release: { info?: Record<string, unknown> } = JSON.parse(
    gunzipSync(Buffer.from(stored, "base64")).toString("utf8"),
  );
  const description = "The program working on this revision was killed.";
  const failed = { ...release, info: { ...release.info, status: "failed", description } };
  const zipped = gzipSync(JSON.stringify(failed), { level: 9 }).toString("base64");
  return {
    ...record,
    metadata: { ...record.metadata, labels: { ...record.metadata?.labels, status: "failed" } },
    data: { ...record.data, release: Buffer.from(zipped).toString("base64") },
  };
}
