import { existsSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { imagesFolder } from "../../stores/images.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { canInstallPackages, ensurePackages, missingPackages } from "../lib/debian.ts";
import { run, succeeds } from "../lib/exec.ts";
import { withLock } from "../lib/lock.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { type BaseName, baseReference, ensureNodeFolder, ensureRootfs } from "./bases.ts";
import {
  type BuildahStorage,
  buildahBuildArguments,
  buildahPackages,
  buildahStorageArguments,
  chooseStorageDriver,
  createBuildahBuilder,
} from "./buildah.ts";
import type { Builder } from "./builder.ts";
import { createDockerBuilder, dockerAnswers } from "./docker.ts";
import { prepareMachineMounts } from "./machine-mounts.ts";

/** Which builder would be used here, or what stands in the way of both. */
export type BuilderChoice =
  | { readonly kind: "docker" }
  | { readonly kind: "buildah"; readonly missing: readonly string[] }
  | { readonly kind: "none"; readonly reason: string };

/** Docker where its daemon answers, else buildah as root on Debian; `STOREFLEET_BUILDER` insists on one of them. */
export async function chooseBuilder(context: ToolchainContext): Promise<BuilderChoice> {
  const wanted = context.environment.STOREFLEET_BUILDER;
  if (wanted !== "buildah" && (await dockerAnswers())) return { kind: "docker" };
  if (wanted === "docker")
    return { kind: "none", reason: "STOREFLEET_BUILDER is docker, but no Docker daemon answers." };
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return { kind: "none", reason: "No Docker daemon answers, and building without Docker needs root on Linux." };
  }
  const missing = await missingPackages(buildahPackages);
  if (missing.length > 0 && !canInstallPackages()) {
    return { kind: "none", reason: `No Docker daemon answers, and ${missing.join(" and ")} cannot be installed here.` };
  }
  return { kind: "buildah", missing };
}

/** What a person can do when there is no builder. */
export const noBuilderRemedy =
  "Start Docker, or run as root on Debian, or set STOREFLEET_REGISTRY to a registry that holds the images.";

/** Runs `work` with this machine's builder. What the builder kept while working is removed afterwards. */
export async function withBuilder<T>(context: ToolchainContext, work: (builder: Builder) => Promise<T>): Promise<T> {
  const choice = await chooseBuilder(context);
  switch (choice.kind) {
    case "docker":
      return work(createDockerBuilder(context));
    case "none":
      throw new ToolchainProblem(choice.reason, noBuilderRemedy);
    case "buildah":
      return withBuildah(context, work);
  }
}

async function withBuildah<T>(context: ToolchainContext, work: (builder: Builder) => Promise<T>): Promise<T> {
  await ensurePackages(context, buildahPackages, "to build images without Docker");
  return withLock(
    join(context.paths.run, "buildah.lock"),
    "building images",
    async () => {
      const folder = join(context.paths.work, "buildah");
      await removeStorage(folder);
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o700);
      try {
        const storage = { folder, driver: await chooseStorageDriver(folder) };
        const mounts = await prepareMachineMounts(context, join(folder, "machine"));
        return await work(createBuildahBuilder(context, storage, mounts, createBases(context, storage)));
      } finally {
        await removeStorage(folder);
      }
    },
    { waitSeconds: 3600, signal: context.signal },
  );
}

/** Gives a function that puts a base image into buildah's storage, each at most once however often it is asked. */
function createBases(context: ToolchainContext, storage: BuildahStorage): (name: BaseName) => Promise<void> {
  const made = new Map<BaseName, Promise<void>>();
  const build = async (name: BaseName, folder: string, base: string | undefined): Promise<void> => {
    const dockerfile = join(imagesFolder, "base", `${name}.Dockerfile`);
    const order = { reference: baseReference(name), dockerfile, folder, base, mounts: [] };
    await run("buildah", buildahBuildArguments(storage, order), { signal: context.signal });
  };
  const make: Record<BaseName, () => Promise<void>> = {
    debian: async () => build("debian", await ensureRootfs(context), undefined),
    node: async () => {
      const [folder] = await Promise.all([ensureNodeFolder(context), ensure("debian")]);
      await build("node", folder, baseReference("debian"));
    },
  };
  const ensure = (name: BaseName): Promise<void> => {
    const promise = made.get(name) ?? make[name]();
    made.set(name, promise);
    return promise;
  };
  return ensure;
}

/** Removes buildah's storage, also that of a run that was killed, whose file systems may still be mounted. */
async function removeStorage(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const driver of ["overlay", "vfs"] as const) {
    if (!existsSync(join(folder, "root", driver))) continue;
    await succeeds("buildah", [...buildahStorageArguments({ folder, driver }), "umount", "--all"]);
  }
  await succeeds("umount", ["--quiet", join(folder, "root", "overlay")]);
  // Never follow a mount out of our folder: a build sees folders of the machine that way.
  await run("rm", ["-rf", "--one-file-system", folder]);
}
