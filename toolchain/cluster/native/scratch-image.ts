import { createHash } from "node:crypto";
import { type TarEntry, tar } from "./tar.ts";

/** An image made of nothing but the given files. */
export interface ScratchImage {
  /** Full name, such as `localhost/storefleet/coredns:v1.12.4`. */
  readonly reference: string;
  readonly files: readonly TarEntry[];
  readonly entrypoint: readonly string[];
  /** Numeric user and group, such as `65534:65534`. Default: root. */
  readonly user?: string;
}

/**
 * Writes the image as a docker-archive, the format every container runtime imports.
 * The same files give the same bytes, so that an image is never "new" without a reason.
 */
export function dockerArchive(image: ScratchImage): Buffer {
  const layer = tar(image.files);
  const layerDigest = createHash("sha256").update(layer).digest("hex");
  const configuration = Buffer.from(
    JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: {
        Entrypoint: image.entrypoint,
        Env: ["PATH=/bin"],
        ...(image.user === undefined ? {} : { User: image.user }),
      },
      rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
    }),
  );
  const configurationName = `${createHash("sha256").update(configuration).digest("hex")}.json`;
  const layerName = `${layerDigest}/layer.tar`;
  const manifest = [{ Config: configurationName, RepoTags: [image.reference], Layers: [layerName] }];
  return tar([
    { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
    { path: configurationName, content: configuration },
    { path: layerName, content: layer },
  ]);
}
