import { gunzipSync, gzipSync } from "node:zlib";
import type { TestCluster } from "./cluster.ts";
import { kubectl, kubectlWith } from "./kubectl.ts";

interface RecordSecret {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly data: { readonly release: string };
}

/** The Secret of a revision of a Helm release with another status, as a killed helm would have left it. */
export function rewriteStatus<Secret extends RecordSecret>(secret: Secret, status: string): Secret {
  const stored = Buffer.from(secret.data.release, "base64").toString("utf8");
  const release = JSON.parse(gunzipSync(Buffer.from(stored, "base64")).toString("utf8"));
  const zipped = gzipSync(JSON.stringify({ ...release, info: { ...release.info, status } })).toString("base64");
  return {
    ...secret,
    metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, status } },
    data: { release: Buffer.from(zipped).toString("base64") },
  };
}

/** Leaves the record of a release's revision in the cluster as a killed helm would. */
export async function cutOffRelease(
  on: Pick<TestCluster, "cluster" | "kubectl">,
  release: { namespace: string; name: string; revision: number },
  status: string,
): Promise<void> {
  const name = `sh.helm.release.v1.${release.name}.v${release.revision}`;
  const inNamespace = ["--namespace", release.namespace];
  const secret = JSON.parse(await kubectl(on, "get", "secret", name, ...inNamespace, "--output", "json"));
  await kubectlWith(on, rewriteStatus(secret, status), "replace", ...inNamespace);
}
