import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { run, succeeds } from "../lib/exec.ts";
import { type BaseName, baseReference } from "./bases.ts";
import type { Builder } from "./builder.ts";
import type { Mount } from "./machine-mounts.ts";

/** Debian packages that building without Docker needs. */
export const buildahPackages = ["buildah", "mmdebstrap"] as const;

/** How layers are kept while building: overlay where the kernel lets us, else whole copies (vfs). */
export type StorageDriver = "overlay" | "vfs";

/** Where buildah keeps what it is working on. Ours alone, so that it can be thrown away as a whole. */
export interface BuildahStorage {
  readonly folder: string;
  readonly driver: StorageDriver;
}

/** One build for buildah: a Dockerfile, its files, and what its commands may see of the machine. */
export interface BuildahOrder {
  readonly reference: string;
  readonly dockerfile: string;
  readonly folder: string;
  /** Value of the Dockerfile's `ARG BASE`. */
  readonly base: string | undefined;
  readonly mounts: readonly Mount[];
}

export function buildahStorageArguments(storage: BuildahStorage): string[] {
  return [
    ...["--root", join(storage.folder, "root"), "--runroot", join(storage.folder, "run")],
    ...["--storage-driver", storage.driver],
  ];
}

/**
 * `buildah` arguments for a build. chroot isolation needs no user namespaces and no container runtime.
 * No intermediate layers: the result is its base and one layer on top.
 */
export function buildahBuildArguments(storage: BuildahStorage, order: BuildahOrder): string[] {
  return [
    ...buildahStorageArguments(storage),
    ...["build", "--isolation", "chroot", "--format", "docker", "--layers=false", "--pull-never"],
    ...order.mounts.flatMap(({ source, target, writable }) => [
      "--volume",
      `${source}:${target}${writable ? "" : ":ro"}`,
    ]),
    ...(order.base === undefined ? [] : ["--build-arg", `BASE=${order.base}`]),
    ...["--tag", order.reference, "--file", order.dockerfile, order.folder],
  ];
}

/** Whether the kernel lets us stack file systems in this folder; buildah is many times faster when it does. */
export async function chooseStorageDriver(folder: string): Promise<StorageDriver> {
  const trial = join(folder, "trial");
  const script =
    'mkdir -p "$1/lower" "$1/upper" "$1/work" "$1/merged" && ' +
    'mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/merged" && umount "$1/merged"';
  const works = await succeeds("sh", ["-c", script, "sh", trial]);
  return works ? "overlay" : "vfs";
}

/** Builds with buildah on the bases of {@link BaseName}, which must be in its storage when they are used. */
export function createBuildahBuilder(
  context: ToolchainContext,
  storage: BuildahStorage,
  mounts: readonly Mount[],
  ensureBase: (name: BaseName) => Promise<void>,
): Builder {
  const buildah = (args: readonly string[], log: string) => run("buildah", args, { log, signal: context.signal });
  const storageArguments = buildahStorageArguments(storage);
  return {
    kind: "buildah",
    async build({ base, on, reference, folder }, step) {
      if (on === undefined) await ensureBase(base);
      const dockerfile = join(folder, "Dockerfile");
      const order = { reference, dockerfile, folder, base: on ?? baseReference(base), mounts };
      await buildah(buildahBuildArguments(storage, order), step.log);
    },
    async save(reference, archive, step) {
      await buildah([...storageArguments, "push", reference, `docker-archive:${archive}:${reference}`], step.log);
    },
    async load(archive, step) {
      await buildah([...storageArguments, "pull", `docker-archive:${archive}`], step.log);
    },
    async push(reference, step) {
      await buildah([...storageArguments, "push", reference], step.log);
    },
  };
}
