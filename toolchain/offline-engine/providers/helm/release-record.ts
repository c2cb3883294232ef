import { gunzipSync, gzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { isObject, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { listAt, numberAt, objectAt, textAt, valueAt, withValueAt } from "../kubernetes/objects.ts";

/**
 * Helm keeps each revision of a release as JSON, zipped and twice in base64, in a Secret beside its objects. This file
 * is the only one that knows that.
 */
const SECRET = { apiVersion: "v1", kind: "Secret" };

/** One revision of a release as Helm recorded it. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  /** Counts from 1. */
  readonly revision: number;
  /** `deployed`, `failed`, `pending-install`, … */
  readonly status: string;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  /** The values the revision was made with. */
  readonly values: Properties;
  /** The objects of the revision, without hooks. */
  readonly objects: readonly Properties[];
  /** The Secret it came from. */
  readonly secret: Properties;
}

/** The newest revision of a release, or `undefined` when Helm knows of none. */
export async function latestRecord(
  client: KubernetesClient,
  namespace: string,
  name: string,
): Promise<ReleaseRecord | undefined> {
  const secrets = await client.list(SECRET, namespace, { labelSelector: `owner=helm,name=${name}` });
  const newest = secrets.toSorted((left, right) => revisionOf(right) - revisionOf(left))[0];
  return newest && parseRecord(newest);
}

function revisionOf(secret: Properties): number {
  return Number(textAt(secret, "metadata", "labels", "version"));
}

export function parseRecord(secret: Properties): ReleaseRecord {
  const release = decoded(secret);
  const metadata = objectAt(release, "chart", "metadata");
  return {
    name: textAt(release, "name") ?? "",
    namespace: textAt(release, "namespace") ?? "",
    revision: numberAt(release, "version"),
    status: textAt(release, "info", "status") ?? "unknown",
    chart: {
      name: textAt(metadata, "name") ?? "",
      version: textAt(metadata, "version") ?? "",
      appVersion: textAt(metadata, "appVersion") ?? "",
    },
    values: objectAt(release, "config") ?? {},
    objects: objectsIn(textAt(release, "manifest") ?? ""),
    secret,
  };
}

/** Whether an operation on the release is going on, or was killed in its midst. */
export function isPending(record: ReleaseRecord): boolean {
  return record.status.startsWith("pending-");
}

/** Records a revision as failed, which is what Helm would have done had it been there to see it. */
export async function markFailed(client: KubernetesClient, record: ReleaseRecord, description: string): Promise<void> {
  await client.replace(failedSecret(record.secret, description), {});
}

export function failedSecret(secret: Properties, description: string): Properties {
  const status = withValueAt(decoded(secret), ["info", "status"], "failed");
  const release = withValueAt(status, ["info", "description"], description);
  const zipped = gzipSync(JSON.stringify(release), { level: 9 }).toString("base64");
  const labelled = withValueAt(secret, ["metadata", "labels", "status"], "failed");
  return withValueAt(labelled, ["data", "release"], Buffer.from(zipped).toString("base64"));
}

function decoded(secret: Properties): Properties {
  const stored = Buffer.from(textAt(secret, "data", "release") ?? "", "base64").toString("utf8");
  const bytes = Buffer.from(stored, "base64");
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const release: Value = JSON.parse((isZipped ? gunzipSync(bytes) : bytes).toString("utf8"));
  return isObject(release) ? release : {};
}

/** The objects of a rendered chart. */
function objectsIn(manifest: string): Properties[] {
  const documents = parseAllDocuments(manifest);
  if (!Array.isArray(documents)) return [];
  return documents
    .map((document): Value => document.toJS())
    .filter(isObject)
    .flatMap((object) => (object.kind === "List" ? listAt(object, "items").filter(isObject) : [object]))
    .filter((object) => valueAt(object, "kind") !== undefined);
}
