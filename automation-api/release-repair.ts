import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { connectToCluster } from "./cluster/api-server.ts";
import type { ClusterAddress } from "./cluster/kubeconfig.ts";

export interface StuckRelease extends ClusterAddress {
  readonly namespace: string;
  /** Name of the release. */
  readonly name: string;
  /**
   * Whether the stack's state knows the release. `false` makes Helm forget it. Default: it does when the release is past
   * its first revision.
   */
  readonly inState?: boolean;
}

/** How long the cluster may take in all, in milliseconds. */
const PATIENCE = 60_000;

/** The Secret in which Helm writes down one revision of a release. */
const recordSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  data: z.record(z.string(), z.string()).default({}),
});
type HelmRecord = z.infer<typeof recordSchema>;

/** A namespace that is not there has none. */
const recordsSchema = z
  .object({
    items: z
      .array(recordSchema)
      .nullish()
      .transform((items) => items ?? []),
  })
  .default({ items: [] });

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
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const pathOf = (record: HelmRecord) => `${secrets}/${record.metadata.name}`;
  // In a pod, too, where the way to prove who we are is a file that changes every hour.
  const api = await connectToCluster(release);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const selector = encodeURIComponent(`owner=helm,name=${name}`);
    const { items } = recordsSchema.parse(await api.get(`${secrets}?labelSelector=${selector}`, signal));
    const newest = items.toSorted((left, right) => revisionOf(right) - revisionOf(left))[0];
    if (newest === undefined) return;
    if (inState === false || (inState === undefined && isPending(newest) && revisionOf(newest) === 1)) {
      for (const record of items) await api.remove(pathOf(record), undefined, signal);
    } else if (isPending(newest)) {
      await api.put(pathOf(newest), markedFailed(newest), signal);
    }
  } finally {
    api.close();
  }
}

function revisionOf(record: HelmRecord): number {
  return Number(record.metadata.labels.version);
}

function isPending(record: HelmRecord): boolean {
  return record.metadata.labels.status?.startsWith("pending-") ?? false;
}

/** Helm's own way to record a failure: in the label, and in the zipped JSON of the release. */
function markedFailed(record: HelmRecord): HelmRecord {
  const stored = Buffer.from(record.data.release ?? "", "base64").toString("utf8");
  const release: { info?: Record<string, unknown> } = JSON.parse(
    gunzipSync(Buffer.from(stored, "base64")).toString("utf8"),
  );
  const description = "The program working on this revision was killed.";
  const failed = { ...release, info: { ...release.info, status: "failed", description } };
  const zipped = gzipSync(JSON.stringify(failed), { level: 9 }).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    ...record,
    metadata: { ...record.metadata, labels: { ...record.metadata.labels, status: "failed" } },
    data: { ...record.data, release: Buffer.from(zipped).toString("base64") },
  };
}
