import type { Step } from "../lib/progress.ts";
import type { BaseName } from "./bases.ts";

/** What is to be built. */
export interface BuildOrder {
  /** What stands in for the official base image where that cannot be pulled. */
  readonly base: BaseName;
  /** Reference of an image that the builder holds, on which to build instead. */
  readonly on?: string;
  /** The full reference that the result gets. */
  readonly reference: string;
  /** Folder that holds the Dockerfile and exactly the files that count for the tag. */
  readonly folder: string;
}

/** Something that turns Dockerfiles into images. */
export interface Builder {
  readonly kind: "docker" | "buildah";
  build(order: BuildOrder, step: Step): Promise<void>;
  /** Writes a built image to a file that every container runtime can load (`docker save` format). */
  save(reference: string, archive: string, step: Step): Promise<void>;
  /** Takes an image from such a file, to build on it. */
  load(archive: string, step: Step): Promise<void>;
  /** Uploads a built image to the registry in its reference, with the logins of the machine. */
  push(reference: string, step: Step): Promise<void>;
}
