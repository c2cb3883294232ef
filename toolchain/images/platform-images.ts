import { copyFile, cp, mkdir, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import { cached, isCached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import type { Step } from "../lib/progress.ts";
import { ensureDashboard } from "../service/dashboard.ts";
import { ensureTool } from "../tools/tools.ts";
import type { Builder } from "./builder.ts";
import { withBuilder } from "./builders.ts";
import {
  type ImageStep,
  librariesReference,
  type PlatformImageName,
  platformImageFiles,
  platformImageNames,
  platformImageReference,
} from "./platform-files.ts";

/** Seconds that each step of a build usually takes on two cores, with what it stands on at hand. */
const buildSeconds: Record<ImageStep, number> = { libraries: 90, code: 30 };
const archiveName = "image.tar";
const dockerfiles: Record<ImageStep, string> = { libraries: "libraries.Dockerfile", code: "Dockerfile" };

/** What a step needs besides files of the repository, put into `given` beside them. */
async function addGiven(context: ToolchainContext, name: PlatformImageName, step: ImageStep, target: string) {
  if (name === "worker" && step === "libraries") {
    await mkdir(target);
    await copyFile(await ensureTool(context, "helm"), join(target, "helm"));
  }
  if (name === "api" && step === "code") {
    await cp(await ensureDashboard(context), join(target, "dashboard"), { recursive: true });
    await rm(join(target, "dashboard", ".manifest.json"), { force: true });
  }
}

async function copyContext(context: ToolchainContext, name: PlatformImageName, step: ImageStep, target: string) {
  for (const path of platformImageFiles(name, step)) {
    const copy = join(target, "repository", path);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(repositoryRoot, path), copy);
  }
  await copyFile(join(repositoryRoot, "infra", "images", name, dockerfiles[step]), join(target, "Dockerfile"));
  await addGiven(context, name, step, join(target, "given"));
}

interface StepOrder {
  readonly name: PlatformImageName;
  readonly imageStep: ImageStep;
  readonly reference: string;
  /** Where the files that go in are put meanwhile. */
  readonly folder: string;
}

async function buildStep(
  context: ToolchainContext,
  builder: Builder,
  { name, imageStep, reference, folder }: StepOrder,
  step: Step,
): Promise<void> {
  const files = join(folder, "context");
  try {
    await mkdir(files, { recursive: true });
    await copyContext(context, name, imageStep, files);
    step.say(`with ${builder.kind}`);
    const on = imageStep === "code" ? { on: librariesReference(name) } : {};
    await builder.build({ base: "node", ...on, reference, folder: files }, step);
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

/** Puts an image's libraries into the builder: from the cache as long as the lockfile stays as it is. */
async function ensureLibraries(context: ToolchainContext, builder: Builder, name: PlatformImageName): Promise<void> {
  const reference = librariesReference(name);
  const folder = await ensureArchive(context, join("images", `platform-${name}-libraries`), reference, (temporary) =>
    context.reporter.step(`Install the libraries of the ${name} image`, buildSeconds.libraries, async (step) => {
      await buildStep(context, builder, { name, imageStep: "libraries", reference, folder: temporary }, step);
      await builder.save(reference, join(temporary, archiveName), step);
    }),
  );
  await context.reporter.step(`Take the libraries of the ${name} image from the cache`, 10, (step) =>
    builder.load(join(folder, archiveName), step),
  );
}

/** The folder of an archive in the cache, whose last use is told by its time: what is not used for long is removed. */
async function ensureArchive(
  context: ToolchainContext,
  group: string,
  reference: string,
  make: (temporary: string) => Promise<void>,
): Promise<string> {
  const key = join(group, reference.split(":").at(-1) ?? "");
  const wasThere = await isCached(context, key);
  const folder = await cached(context, key, make);
  const now = new Date();
  if (wasThere) await utimes(folder, now, now);
  return folder;
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
    const folder = await ensureArchive(context, join("images", `platform-${name}`), reference, (temporary) =>
      withBuilder(context, (builder) => buildArchive(context, builder, { name, reference, folder: temporary })),
    );
    await context.reporter.step(`Load the ${name} image into the cluster`, 10, () =>
      cluster.loadImage(join(folder, archiveName), reference),
    );
  }
}

async function buildArchive(context: ToolchainContext, builder: Builder, order: Omit<StepOrder, "imageStep">) {
  await ensureLibraries(context, builder, order.name);
  await context.reporter.step(`Build the ${order.name} image`, buildSeconds.code, async (step) => {
    await buildStep(context, builder, { ...order, imageStep: "code" }, step);
    step.say("writing the archive");
    await builder.save(order.reference, join(order.folder, archiveName), step);
  });
}

/** Builds the images of the control plane and uploads them to the registry that was named; gives their references. */
export async function publishPlatformImages(context: ToolchainContext): Promise<readonly string[]> {
  const registry = context.environment.STOREFLEET_REGISTRY;
  return withBuilder(context, async (builder) => {
    const references: string[] = [];
    for (const name of platformImageNames) {
      const reference = platformImageReference(name, registry);
      await ensureLibraries(context, builder, name);
      await context.reporter.step(`Build and upload the ${name} image`, buildSeconds.code + 60, async (step) => {
        const folder = join(context.paths.work, `publish-${name}`);
        await buildStep(context, builder, { name, imageStep: "code", reference, folder }, step);
        step.say("uploading");
        await builder.push(reference, step);
      });
      references.push(reference);
    }
    return references;
  });
}
