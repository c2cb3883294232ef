import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defaultImageRegistry, imageFiles } from "../../stores/images.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { cached, isCached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import type { Step } from "../lib/progress.ts";
import { catalogue } from "../tools/catalogue.ts";
import { ensureTool } from "../tools/tools.ts";
import type { Builder } from "./builder.ts";
import { withBuilder } from "./builders.ts";

/** The images of the control plane. Each has its Dockerfile in `infra/images`. */
export const platformImageNames = ["api", "worker"] as const;
export type PlatformImageName = (typeof platformImageNames)[number];

/** Changed by hand when images must be built anew although no file of theirs has changed. */
const edition = "1";

/** Seconds that a build usually takes on two cores, with the base at hand. */
const buildSeconds = 120;
const archiveName = "image.tar";

/** What npm needs to install the libraries of some workspaces: all of them have to be there by name. */
const manifests = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.json",
  ...["automation-api", "infra", "stores", "test", "toolchain", "web"].map((workspace) => `${workspace}/package.json`),
];

/** Files of the repository that go into an image, by the beginning of their path, and those among them that do not. */
const contents: Record<PlatformImageName, { readonly with: readonly string[]; readonly without: RegExp }> = {
  api: {
    with: ["infra/images/api", "automation-api", "stores", "web"],
    without: /^stores\/(images|charts|components)\/|^stores\/Pulumi\./,
  },
  worker: {
    with: ["infra/images/worker", "automation-api", "stores", "toolchain/offline-engine"],
    // Configuration of stacks that somebody made by hand in this checkout.
    without: /^stores\/Pulumi\.[^/]+\.yaml$/,
  },
};

/** Relative paths, sorted, of the files of the repository that an image is built from. */
export function platformImageFiles(name: PlatformImageName): string[] {
  const { with: folders, without } = contents[name];
  const below = folders.flatMap((folder) =>
    imageFiles(join(repositoryRoot, folder)).map((path) => `${folder}/${path}`),
  );
  // A large file whose sum lies beside it stands in a store image's tag by that sum alone.
  const kept = below.filter((path) => !without.test(path) && !existsSync(join(repositoryRoot, `${path}.sha256`)));
  return [...new Set([...manifests, ...kept])].sort();
}

/**
 * The full reference of an image, such as `localhost/storefleet/api:0123456789ab`; the tag names what goes in.
 * @param registry default `localhost`: images that are loaded into the nodes
 */
export function platformImageReference(name: PlatformImageName, registry: string = defaultImageRegistry): string {
  const hash = createHash("sha256").update(`edition ${edition}\nhelm ${catalogue.helm.version}\n`);
  for (const path of platformImageFiles(name)) {
    const content = readFileSync(join(repositoryRoot, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return `${registry}/storefleet/${name}:${hash.digest("hex").slice(0, 12)}`;
}

async function copyContext(context: ToolchainContext, name: PlatformImageName, target: string): Promise<void> {
  for (const path of platformImageFiles(name)) {
    const copy = join(target, "repository", path);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(repositoryRoot, path), copy);
  }
  await copyFile(join(repositoryRoot, "infra", "images", name, "Dockerfile"), join(target, "Dockerfile"));
  if (name !== "worker") return;
  await mkdir(join(target, "given"));
  await copyFile(await ensureTool(context, "helm"), join(target, "given", "helm"));
}

async function build(
  context: ToolchainContext,
  builder: Builder,
  { name, reference, folder }: { name: PlatformImageName; reference: string; folder: string },
  step: Step,
): Promise<void> {
  const files = join(folder, "context");
  try {
    await mkdir(files, { recursive: true });
    await copyContext(context, name, files);
    step.say(`with ${builder.kind}`);
    await builder.build({ base: "node", reference, folder: files }, step);
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

function cacheKey(name: PlatformImageName): string {
  return join("images", `platform-${name}`, platformImageReference(name).split(":").at(-1) ?? "");
}

/** Makes sure that the cluster can start the images of the control plane; built here unless a registry was named. */
export async function ensurePlatformImages(
  context: ToolchainContext,
  cluster: Pick<Cluster, "hasImage" | "loadImage">,
): Promise<void> {
  if (context.environment.STOREFLEET_REGISTRY !== undefined) return;
  for (const name of platformImageNames) {
    const reference = platformImageReference(name);
    if (await cluster.hasImage(reference)) continue;
    const archive = await ensureArchive(context, name, reference);
    await context.reporter.step(`Load the ${name} image into the cluster`, 10, () =>
      cluster.loadImage(archive, reference),
    );
  }
}

async function ensureArchive(context: ToolchainContext, name: PlatformImageName, reference: string): Promise<string> {
  const key = cacheKey(name);
  const make = (builder: Builder, folder: string) =>
    context.reporter.step(`Build the ${name} image`, buildSeconds, async (step) => {
      await build(context, builder, { name, reference, folder }, step);
      step.say("writing the archive");
      await builder.save(reference, join(folder, archiveName), step);
    });
  const isThere = await isCached(context, key);
  const folder = await cached(context, key, (temporary) => withBuilder(context, (builder) => make(builder, temporary)));
  // The time of the last use; what is not used for long is removed.
  const now = new Date();
  if (isThere) await utimes(folder, now, now);
  return join(folder, archiveName);
}

/** Builds the images of the control plane and uploads them to the registry that was named; gives their references. */
export async function publishPlatformImages(context: ToolchainContext): Promise<readonly string[]> {
  const registry = context.environment.STOREFLEET_REGISTRY;
  return withBuilder(context, async (builder) => {
    const references: string[] = [];
    for (const name of platformImageNames) {
      const reference = platformImageReference(name, registry);
      await context.reporter.step(`Build and upload the ${name} image`, buildSeconds + 60, async (step) => {
        await build(context, builder, { name, reference, folder: join(context.paths.work, `publish-${name}`) }, step);
        step.say("uploading");
        await builder.push(reference, step);
      });
      references.push(reference);
    }
    return references;
  });
}
