import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, KubeConfig, type V1Secret } from "@kubernetes/client-node";

/**
 * What a repair did. `forgotten`: Helm's records were deleted, the objects stayed, and the next install adopts them.
 * `marked failed`: the revision that was cut off no longer blocks the next upgrade.
 */
export type Repair = "nothing to do" | "forgotten" | "marked failed";

/**
 * Frees a Helm release whose last operation was killed. Helm refuses to touch such a release ("another operation is in
 * progress", "cannot re-use a name that is still in use") and neither `pulumi cancel` nor `pulumi refresh` changes that.
 *
 * Call it before the next `up` on the stack, and only when nobody else can be working on the release: its lease is ours
 * and the process of the last operation is known to be dead.
 *
 * @param kubeconfig contents of the kubeconfig of the cluster
 * @param inState whether the stack's state knows the release. `false` makes Helm forget it, so that Pulumi's `create` can
 *   install over what is there. Default: it does when it is past its first revision.
 */
export async function repairPendingRelease(
  kubeconfig: string,
  namespace: string,
  name: string,
  { inState }: { inState?: boolean } = {},
): Promise<Repair> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const records = await api.listNamespacedSecret({ namespace, labelSelector: `owner=helm,name=${name}` });
  const newest = records.items.toSorted((left, right) => revisionOf(right) - revisionOf(left))[0];
  if (newest === undefined) return "nothing to do";
  if (inState === false || (inState === undefined && isPending(newest) && revisionOf(newest) === 1)) {
    for (const record of records.items) await api.deleteNamespacedSecret({ namespace, name: nameOf(record) });
    return "forgotten";
  }
  if (!isPending(newest)) return "nothing to do";
  await api.replaceNamespacedSecret({ namespace, name: nameOf(newest), body: markedFailed(newest) });
  return "marked failed";
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
