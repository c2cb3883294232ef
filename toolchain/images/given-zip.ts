import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { z } from "zod";
import type { WooCommerceVersions } from "../../stores/engines/woocommerce-versions.ts";

// What is in a zip of wordpress.org, and whether it is what was published.

export type Software = keyof WooCommerceVersions;

/** Files by their path inside the software's folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Sums that a file may have, by its path inside the software's folder. Some files were published more than once. */
export type PublishedSums = ReadonlyMap<
  string,
  { readonly algorithm: "md5" | "sha256"; readonly sums: readonly string[] }
>;

/** Where the software says its version, and where its publisher tells the sums of its files. */
const publications: Readonly<
  Record<
    Software,
    { file: string; pattern: RegExp; sumsUrl(version: string): string; readSums(json: unknown): PublishedSums }
  >
> = {
  wordpress: {
    file: "wp-includes/version.php",
    pattern: /\$wp_version = '([^']+)'/,
    sumsUrl: (version) => `https://api.wordpress.org/core/checksums/1.0/?version=${version}&locale=en_US`,
    readSums: (json) => {
      const { checksums } = z.object({ checksums: z.record(z.string(), z.string()) }).parse(json);
      return new Map(Object.entries(checksums).map(([path, sum]) => [path, { algorithm: "md5", sums: [sum] }]));
    },
  },
  woocommerce: {
    file: "woocommerce.php",
    pattern: /^ \* Version: (\S+)/m,
    sumsUrl: (version) => `https://downloads.wordpress.org/plugin-checksums/woocommerce/${version}.json`,
    readSums: (json) => {
      const sums = z.union([z.string(), z.array(z.string())]);
      const { files } = z.object({ files: z.record(z.string(), z.object({ sha256: sums })) }).parse(json);
      const each = Object.entries(files).map(([path, { sha256 }]) => [path, [sha256].flat()] as const);
      return new Map(each.map(([path, known]) => [path, { algorithm: "sha256", sums: known }]));
    },
  },
};

/** The files in the software's folder of a zip; `undefined` when it is no zip or has no such folder. */
export function filesIn(software: Software, zip: Uint8Array): Files | undefined {
  const begin = `${software}/`;
  try {
    const found = Object.entries(unzipSync(zip)).filter(([path]) => path.startsWith(begin) && !path.endsWith("/"));
    return found.length === 0 ? undefined : new Map(found.map(([path, bytes]) => [path.slice(begin.length), bytes]));
  } catch {
    return undefined;
  }
}

/** The version that the software says of itself; `undefined` when it says none. */
export function versionIn(software: Software, files: Files): string | undefined {
  const { file, pattern } = publications[software];
  return pattern.exec(Buffer.from(files.get(file) ?? []).toString("utf8"))?.[1];
}

/** What was published for a version; `undefined` where that cannot be had. */
export async function publishedSums(
  software: Software,
  version: string,
  download: (url: string) => Promise<Buffer | undefined>,
): Promise<PublishedSums | undefined> {
  const { sumsUrl, readSums } = publications[software];
  const text = await download(sumsUrl(version));
  try {
    return text && readSums(JSON.parse(text.toString("utf8")));
  } catch {
    // A page of something in between, or a version that was never published.
    return undefined;
  }
}

/** Paths of files that are not as they were published, are not there, or are programs nobody has published. */
export function differences(files: Files, published: PublishedSums): readonly string[] {
  const changed = [...published].filter(([path, { algorithm, sums }]) => {
    const bytes = files.get(path);
    return bytes === undefined || !sums.includes(createHash(algorithm).update(bytes).digest("hex"));
  });
  const added = [...files.keys()].filter((path) => path.endsWith(".php") && !published.has(path));
  return [...changed.map(([path]) => path), ...added].sort();
}
