import { copyFile, mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ImageName, imageFiles, imageNames, imageReference, imagesFolder, imageTag } from "../../stores/images.ts";
import { cached, isCached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { CommandError } from "../lib/exec.ts";
import { ToolchainProblem, toError } from "../lib/problem.ts";
import type { Step } from "../lib/progress.ts";
import { baseOf } from "./bases.ts";
import type { Builder } from "./builder.ts";
import { platformImageNames } from "./platform-files.ts";

/** How long a build usually takes on two cores, with its base at hand. */
export const buildSeconds: Record<ImageName, number> = {
  postgres: 25,
  redis: 15,
  medusa: 180,
  storefront: 25,
  mariadb: 25,
  woocommerce: 90,
};

/** Archives that no checkout has asked for in this many days can go. A base that goes comes back up to date. */
const keptDays = 14;
const archiveName = "image.tar";
const dayMilliseconds = 24 * 3600 * 1000;

/** An image in a file that every container runtime can load. */
export interface Archive {
  readonly file: string;
  /** The reference it is known by once loaded. */
  readonly reference: string;
}

function cacheKey(name: ImageName): string {
  return join("images", name, imageTag(name));
}

/** The images whose archives have to be built first. */
export async function missingArchives(context: ToolchainContext, names: readonly ImageName[]): Promise<ImageName[]> {
  const present = await Promise.all(names.map((name) => isCached(context, cacheKey(name))));
  return names.filter((_name, index) => present[index] === false);
}

/** The archive of an image as its files are now. Builds it when it is not in the cache. */
export async function ensureArchive(
  context: ToolchainContext,
  name: ImageName,
  builder: () => Builder,
): Promise<Archive> {
  // Asked once: somebody may edit the files while they are being built.
  const reference = imageReference(name);
  const key = cacheKey(name);
  const folder = await cached(context, key, (temporary) =>
    context.reporter.step(`Build the ${name} image`, buildSeconds[name], async (step) => {
      await buildImage(builder(), name, reference, temporary, step);
      step.say("writing the archive");
      await builder().save(reference, join(temporary, archiveName), step);
    }),
  );
  // The time of the last use, for pruneArchives.
  const now = new Date();
  await utimes(folder, now, now);
  return { file: join(folder, archiveName), reference };
}

/**
 * Builds an image under the given reference.
 * @param folder where the files that go in are put meanwhile
 */
export async function buildImage(
  builder: Builder,
  name: ImageName,
  reference: string,
  folder: string,
  step: Step,
): Promise<void> {
  const files = join(folder, "context");
  try {
    await copyImageFiles(name, files);
    step.say(`with ${builder.kind}`);
    await builder.build({ base: baseOf(name), reference, folder: files }, step);
  } catch (thrown) {
    throw explainFailure(name, toError(thrown));
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

/** Copies exactly the files that count for the tag, so that nothing else can get into the image. */
export async function copyImageFiles(name: ImageName, target: string): Promise<void> {
  const source = join(imagesFolder, name);
  for (const path of imageFiles(source)) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await copyFile(join(source, path), join(target, path));
  }
}

/** Turns the two ways in which a machine usually lets a build down into sentences; anything else stays as it is. */
export function explainFailure(name: ImageName, error: Error): Error {
  if (!(error instanceof CommandError)) return error;
  const output = error.stdout + error.stderr;
  const full = /no space left on device|ENOSPC/i.test(output);
  if (full) {
    return new ToolchainProblem(
      `The disk became full while the ${name} image was built.`,
      "Free about 5 GB, or set STOREFLEET_CACHE and STOREFLEET_HOME to a larger disk, and run the command again.",
      { cause: error },
    );
  }
  const offline = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|Temporary failure resolving|Could not connect/.test(
    output,
  );
  if (!offline) return error;
  return new ToolchainProblem(
    `The ${name} image could not be built because a package source did not answer.\n${error.message}`,
    "Check that this machine reaches its Debian mirror and its npm registry, and run the command again.",
    { cause: error },
  );
}

/**
 * Removes archives of earlier tags, and bases, that nobody used for two weeks. The current tags always stay.
 * @returns what was removed, such as `redis/0123456789ab`
 */
export async function pruneArchives(context: ToolchainContext): Promise<readonly string[]> {
  const removed: string[] = [];
  const others = ["base", ...platformImageNames.flatMap((name) => [`platform-${name}`, `platform-${name}-libraries`])];
  const groups = [
    ...imageNames.map((name) => ({ group: name, current: imageTag(name) })),
    ...others.map((group) => ({ group, current: undefined })),
  ];
  for (const { group, current } of groups) {
    const folder = join(context.paths.cache, "images", group);
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory() || entry.name === current || entry.name.endsWith(".partial")) continue;
      const age = Date.now() - (await stat(join(folder, entry.name))).mtimeMs;
      if (age < keptDays * dayMilliseconds) continue;
      await rm(join(folder, entry.name), { recursive: true });
      removed.push(`${group}/${entry.name}`);
    }
  }
  return removed;
}
