import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The container images a store is made of. Each is built from the folder of the same name in `stores/images`. */
export const imageNames = ["postgres", "redis", "medusa", "storefront", "mariadb", "woocommerce"] as const;
export type ImageName = (typeof imageNames)[number];

/** Where an image is looked for when no registry is named: the cluster's own store, into which it was loaded. */
export const defaultImageRegistry = "localhost";

/** Folder that holds one folder per image. */
export const imagesFolder = fileURLToPath(new URL("images", import.meta.url));

/** Changed by hand when images must be built anew although no file of theirs has changed. */
const edition = "1";

/** Results of installing and building, and local settings: never part of an image's identity nor of its build. */
const ignored = new Set(["node_modules", ".medusa", "dist", ".git", ".cache", ".DS_Store"]);

function isIgnored(name: string): boolean {
  return ignored.has(name) || name === ".env" || name.startsWith(".env.");
}

function addFiles(folder: string, prefix: string, paths: string[]): void {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    if (isIgnored(entry.name)) continue;
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) addFiles(folder, path, paths);
    else if (entry.isFile()) paths.push(path);
  }
}

/** Relative paths, sorted, of all files in a folder that go into an image. Links are not followed and not used. */
export function imageFiles(folder: string): string[] {
  const paths: string[] = [];
  addFiles(folder, "", paths);
  return paths.sort();
}

/**
 * The first 12 hex digits of a SHA-256 over the paths and contents of the given folders.
 * The same on every machine for the same checkout; modes and times of files do not count. A large file can have its
 * sum beside it, named like it with `.sha256` at the end, which then stands for it.
 */
export function folderTag(folders: readonly string[]): string {
  const hash = createHash("sha256").update(`edition ${edition}\n`);
  for (const folder of folders) {
    const paths = imageFiles(folder);
    const known = new Set(paths);
    for (const path of paths) {
      if (known.has(`${path}.sha256`)) continue;
      const content = readFileSync(join(folder, path));
      // The length makes sure that bytes cannot move from one file to the next unnoticed.
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * The tag that names what goes into an image: its own folder, and `base`, on which it may be built.
 * Computed from the files at each call; a few milliseconds.
 */
export function imageTag(name: ImageName): string {
  return folderTag([join(imagesFolder, "base"), join(imagesFolder, name)]);
}

/**
 * The full reference of an image, such as `localhost/storefleet/redis:0123456789ab`.
 * @param registry host and optional path of the registry that holds the images, without a trailing slash.
 *   Default `localhost`, which stands for images loaded into the cluster by hand.
 */
export function imageReference(name: ImageName, registry: string = defaultImageRegistry): string {
  return `${registry}/storefleet/${name}:${imageTag(name)}`;
}
