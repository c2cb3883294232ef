import { gunzipSync, gzipSync } from "node:zlib";

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
