// Removes from node_modules what a running store never loads. Argument: the folder.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) throw new Error("Say which folder of modules to prune: node build/prune.mts node_modules");

/** Only there to build the admin panel, whose result stands by itself. */
const adminPanel = [
  ...[
    "@medusajs/dashboard",
    "@medusajs/ui",
    "@medusajs/icons",
    "@medusajs/admin-bundler",
    "@medusajs/admin-vite-plugin",
  ],
  ...[
    "@ariakit",
    "@dnd-kit",
    "@floating-ui",
    "@hookform",
    "@internationalized",
    "@radix-ui",
    "@remix-run",
    "@tanstack",
  ],
  ...["@uiw", "date-fns", "framer-motion", "motion", "prismjs", "react-aria", "react-dom", "react-stately"],
  ...["@esbuild", "@rollup", "@swc", "caniuse-lite", "esbuild", "jiti", "rollup", "sucrase", "tailwindcss", "vite"],
  ...["@types", "typescript"],
];
/** For commands that nobody calls in a container, tracing and S3, none of which a store switches on. */
const neverLoaded = ["@aws-sdk", "@grpc", "@opentelemetry", "@smithy", "figlet", "pngjs", "protobufjs", "rxjs"];
/** Medusa always loads this one of a scope that it otherwise does without. */
const needed = ["@opentelemetry/api"];
for (const name of await removable([...adminPanel, ...neverLoaded])) {
  await rm(join(folder, name), { recursive: true, force: true });
}

/** Nothing reads these at run time. */
const unread = /\.(d\.[cm]?ts|map|md|markdown|flow)$|^(CHANGELOG|HISTORY|tsconfig\.tsbuildinfo)/i;
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && unread.test(entry.name)) await rm(join(entry.parentPath, entry.name));
}

/** The given packages, with a scope that holds a needed one taken apart. */
async function removable(names: readonly string[]): Promise<string[]> {
  const lists = names.map(async (name) => {
    if (!needed.some((kept) => kept.startsWith(`${name}/`))) return [name];
    const members = (await readdir(join(folder ?? "", name))).map((member) => `${name}/${member}`);
    return members.filter((member) => !needed.includes(member));
  });
  return (await Promise.all(lists)).flat();
}
