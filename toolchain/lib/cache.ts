import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, readlink, rename, rm, statfs, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ToolchainContext } from "./context.ts";
import { withLock } from "./lock.ts";
import { ToolchainProblem } from "./problem.ts";

const manifestName = ".manifest.json";

/** Least free space before something is built or downloaded. */
const neededBytes = 3 * 1024 ** 3;

async function sumOfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== manifestName)
    .sort();
}

async function describe(folder: string): Promise<Record<string, string>> {
  const manifest: Record<string, string> = {};
  for (const path of await filesUnder(folder)) {
    const file = join(folder, path);
    const status = await lstat(file);
    if (status.isSymbolicLink()) manifest[path] = `link ${await readlink(file)}`;
    else if (status.isFile()) manifest[path] = `${status.size} ${await sumOfFile(file)}`;
  }
  return manifest;
}

/** What a result is asked for besides being whole. */
export interface CacheOptions {
  /** Compare the checksums too, not only names and sizes. */
  readonly thorough?: boolean;
  /** Files and folders that it has to have: a result that was made when less was asked for is made anew. */
  readonly holds?: readonly string[];
}

/**
 * Whether every file of the manifest is there with its size. The sums are only compared when `thorough`:
 * reading gigabytes at every start would cost more than it protects from, and a rename is atomic.
 */
async function isWhole(folder: string, { thorough = false, holds = [] }: CacheOptions): Promise<boolean> {
  try {
    const manifest: Record<string, string> = JSON.parse(await readFile(join(folder, manifestName), "utf8"));
    const paths = Object.keys(manifest);
    if (!holds.every((name) => paths.some((path) => path === name || path.startsWith(`${name}/`)))) return false;
    if (thorough) return JSON.stringify(manifest) === JSON.stringify(await describe(folder));
    for (const [path, expected] of Object.entries(manifest)) {
      const status = await lstat(join(folder, path));
      if (status.isFile() && status.size !== Number(expected.split(" ")[0])) return false;
    }
    return true;
  } catch {
    return false;
  }
}

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  const gigabytes = ((bavail * bsize) / 1024 ** 3).toFixed(1);
  throw new ToolchainProblem(
    `Only ${gigabytes} GB are free at ${folder}; ${neededBytes / 1024 ** 3} GB are needed.`,
    "Free some space, or set STOREFLEET_CACHE and STOREFLEET_HOME to a larger disk.",
  );
}

/** Whether a result of {@link cached} is there and whole, without making it. */
export function isCached(context: ToolchainContext, key: string, options: CacheOptions = {}): Promise<boolean> {
  return isWhole(join(context.paths.cache, key), options);
}

/**
 * The folder `<cache>/<key>`, made by `build` when it is not there.
 * It appears by an atomic rename, with a manifest of what it holds; one that does not match its manifest is made anew.
 * @param key relative path that names everything the result depends on, such as `tools/helm/v3.18.6`
 */
export async function cached(
  context: ToolchainContext,
  key: string,
  build: (temporaryFolder: string) => Promise<void>,
  options: CacheOptions = {},
): Promise<string> {
  const folder = join(context.paths.cache, key);
  if (await isWhole(folder, options)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  return withLock(
    `${folder}.lock`,
    `making ${key}`,
    async () => {
      if (await isWhole(folder, options)) return folder;
      await requireSpace(context.paths.cache);
      const temporary = `${folder}.partial`;
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      try {
        await build(temporary);
        await writeFile(join(temporary, manifestName), JSON.stringify(await describe(temporary)));
        if (existsSync(folder)) await rm(folder, { recursive: true });
        await rename(temporary, folder);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      return folder;
    },
    {
      waitSeconds: 3600,
      signal: context.signal,
      onWait: (holder) => context.reporter.info(`  Waiting for ${holder}`),
    },
  );
}
