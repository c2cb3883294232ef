import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** A file of `public/`, in memory, under an address that changes with its content. */
export interface Asset {
  readonly path: string;
  readonly mediaType: string;
  readonly content: Buffer<ArrayBuffer>;
  readonly compressed: Buffer<ArrayBuffer>;
}

const mediaTypes = {
  "style.css": "text/css; charset=utf-8",
  "enhance.js": "text/javascript; charset=utf-8",
  "favicon.svg": "image/svg+xml",
} as const;

export type AssetName = keyof typeof mediaTypes;
export type Assets = Readonly<Record<AssetName, Asset>>;

export function loadAssets(folder: string = join(import.meta.dirname, "..", "public")): Assets {
  const load = (name: AssetName): Asset => {
    const content = readFileSync(join(folder, name));
    const version = createHash("sha256").update(content).digest("hex").slice(0, 12);
    return {
      path: `/static/${version}/${name}`,
      mediaType: mediaTypes[name],
      content,
      compressed: gzipSync(content, { level: 9 }),
    };
  };
  return { "style.css": load("style.css"), "enhance.js": load("enhance.js"), "favicon.svg": load("favicon.svg") };
}
