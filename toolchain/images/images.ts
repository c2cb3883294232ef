import { join } from "node:path";
import { type ImageName, imageNames, imageReference } from "../../stores/images.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { type Archive, buildImage, buildSeconds, ensureArchive, missingArchives, pruneArchives } from "./archives.ts";
import type { Builder } from "./builder.ts";
import { chooseBuilder, noBuilderRemedy, withBuilder } from "./builders.ts";
import { ensureGivenZips } from "./given.ts";
import { inLanes } from "./lanes.ts";

/** Builds are bound by the processor and the network in turns: two at once keep two cores busy. */
const lanes = 2;

/** How long a cluster usually takes to load an image. */
const loadSeconds: Record<ImageName, number> = {
  postgres: 5,
  redis: 4,
  medusa: 20,
  storefront: 6,
  mariadb: 5,
  woocommerce: 10,
};

/**
 * Makes sure that the cluster can start the given images: loaded already, else from the cache, else built.
 * Nothing is done when a registry was named, for then the nodes pull from it.
 */
export async function ensureImages(
  context: ToolchainContext,
  cluster: Pick<Cluster, "hasImage" | "loadImage">,
  names: readonly ImageName[],
): Promise<void> {
  await gatherFiles(context, names);
  if (context.environment.STOREFLEET_REGISTRY !== undefined) return;
  const present = await Promise.all(names.map((name) => cluster.hasImage(imageReference(name))));
  const needed = names.filter((_name, index) => present[index] === false);
  await withArchives(context, needed, async (name, { file, reference }) => {
    await context.reporter.step(`Load the ${name} image into the cluster`, loadSeconds[name], () =>
      cluster.loadImage(file, reference),
    );
  });
}

/**
 * Builds what is not in the cache, without a cluster: for the time in which one is being made.
 * Nothing is done when a registry was named.
 */
export async function prepareImages(context: ToolchainContext, names: readonly ImageName[]): Promise<void> {
  await gatherFiles(context, names);
  if (context.environment.STOREFLEET_REGISTRY !== undefined) return;
  await withArchives(context, names, async () => undefined);
}

/** Before any tag is asked for: what is gathered is part of it. */
async function gatherFiles(context: ToolchainContext, names: readonly ImageName[]): Promise<void> {
  if (names.includes("woocommerce")) await ensureGivenZips(context);
}

/**
 * Builds the images and uploads them to the registry named by `STOREFLEET_REGISTRY`, with this machine's logins.
 * @returns the references by which a cluster can pull them
 */
export async function publishImages(
  context: ToolchainContext,
  names: readonly ImageName[],
): Promise<readonly string[]> {
  const registry = context.environment.STOREFLEET_REGISTRY;
  if (registry === undefined) {
    throw new ToolchainProblem(
      "No registry is named to which the images could be uploaded.",
      "Set STOREFLEET_REGISTRY to a registry you are logged in to, such as registry.example.com/team.",
    );
  }
  await gatherFiles(context, names);
  await withBuilder(context, (builder) =>
    inLanes(lanes, longestFirst(names), (name) => publish(context, builder, name, registry)),
  );
  return names.map((name) => imageReference(name, registry));
}

async function publish(context: ToolchainContext, builder: Builder, name: ImageName, registry: string): Promise<void> {
  const reference = imageReference(name, registry);
  await context.reporter.step(`Build and upload the ${name} image`, buildSeconds[name] + 60, async (step) => {
    await buildImage(builder, name, reference, join(context.paths.work, `publish-${name}`), step);
    step.say("uploading");
    await builder.push(reference, step);
  });
}

/** Gives `use` the archive of each image: first those at hand, then the others as they are built. */
async function withArchives(
  context: ToolchainContext,
  names: readonly ImageName[],
  use: (name: ImageName, archive: Archive) => Promise<void>,
): Promise<void> {
  const missing = await missingArchives(context, names);
  const atHand = names.filter((name) => !missing.includes(name));
  const ensure = (builder: () => Builder) => async (name: ImageName) =>
    use(name, await ensureArchive(context, name, builder));
  await inLanes(lanes, atHand, ensure(refuseToBuild));
  if (missing.length === 0) return;
  await withBuilder(context, async (builder) => {
    const build = ensure(() => builder);
    await inLanes(lanes, longestFirst(missing), build);
  });
  await pruneArchives(context);
}

function refuseToBuild(): never {
  throw new ToolchainProblem(
    "An image disappeared from the cache while it was being loaded.",
    "Run the command again; it will be built anew.",
  );
}

function longestFirst(names: readonly ImageName[]): ImageName[] {
  return [...names].sort((one, other) => buildSeconds[other] - buildSeconds[one]);
}

/** Which way images are had on this machine, and what is missing for it. */
export async function inspectImages(context: ToolchainContext): Promise<Finding> {
  const registry = context.environment.STOREFLEET_REGISTRY;
  if (registry !== undefined) {
    return { need: "images", choice: `pulled by the cluster from ${registry}`, ready: true, missing: [] };
  }
  const unbuilt = await missingArchives(context, imageNames);
  if (unbuilt.length === 0) return { need: "images", choice: "built already, in the cache", ready: true, missing: [] };
  const missing = unbuilt.map((name) => `${name} image (about ${buildSeconds[name]} s to build)`);
  const choice = await chooseBuilder(context);
  switch (choice.kind) {
    case "docker":
      return { need: "images", choice: "built here with Docker on official images", ready: true, missing };
    case "buildah": {
      const packages = choice.missing.map((name) => `Debian package ${name} (installed by npm start)`);
      const sentence = "built here with buildah on a bootstrapped Debian";
      return { need: "images", choice: sentence, ready: true, missing: [...packages, ...missing] };
    }
    case "none":
      return { need: "images", choice: choice.reason, ready: false, missing, remedy: noBuilderRemedy };
  }
}
