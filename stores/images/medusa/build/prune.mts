// Removes from node_modules what a running store never loads. Argument: the folder.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) throw new Error("Say which folder of modules to prune: node build/prune.mts node_modules");

/** Only there to build the admin panel, or for a command line that nobody calls in a container. */
const packages = [
  "@medusajs/dashboard",
  "@medusajs/ui",
  "@medusajs/icons",
  "@medusajs/admin-bundler",
  "@medusajs/admin-vite-plugin",
  "@esbuild",
  "@rollup",
  "@swc",
  "esbuild",
  "rollup",
  "vite",
  "typescript",
];
for (const name of packages) await rm(join(folder, name), { recursive: true, force: true });

/** Nothing reads these at run time. */
const unread = /\.(d\.[cm]?ts|map|md|markdown|flow)$|^(CHANGELOG|HISTORY|tsconfig\.tsbuildinfo)/i;
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && unread.test(entry.name)) await rm(join(entry.parentPath, entry.name));
}
