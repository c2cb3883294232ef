import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultImageRegistry, imageFiles } from "../../stores/images.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { catalogue } from "../tools/catalogue.ts";

/** The images of the control plane. Each has its Dockerfiles in `infra/images`. */
export const platformImageNames = ["api", "worker"] as const;
export type PlatformImageName = (typeof platformImageNames)[number];

/**
 * Each is built in two steps, so that a change of our code installs nothing anew: `libraries` holds what comes from
 * registries, `code` puts our files on top.
 */
export const imageSteps = ["libraries", "code"] as const;
export type ImageStep = (typeof imageSteps)[number];

/** Changed by hand when images must be built anew although no file of theirs has changed. */
const edition = "2";

/** What npm needs to install the libraries of some workspaces: all of them have to be there by name. */
const manifests = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  ...["automation-api", "infra", "stores", "test", "toolchain", "web"].map((workspace) => `${workspace}/package.json`),
];

/** Files of the repository that are our code in an image, by the beginning of their path, and those that are not. */
const code: Record<PlatformImageName, { readonly with: readonly string[]; readonly without: RegExp }> = {
  api: {
    // The sources of the dashboard stand for what is built of them.
    with: ["automation-api", "stores", "web"],
    without: /^stores\/(images|charts|components)\/|^stores\/Pulumi\./,
  },
  worker: {
    with: ["automation-api", "stores", "toolchain/offline-engine"],
    // Configuration of stacks that somebody made by hand in this checkout.
    without: /^stores\/Pulumi\.[^/]+\.yaml$/,
  },
};

const below = (folder: string) => imageFiles(join(repositoryRoot, folder)).map((path) => `${folder}/${path}`);

/** Relative paths, sorted, of the files of the repository that a step of an image is made of. */
export function platformImageFiles(name: PlatformImageName, step: ImageStep): string[] {
  const recipe = `infra/images/${name}`;
  if (step === "libraries") {
    return [...manifests, ...below(recipe).filter((path) => !path.endsWith("/Dockerfile"))].sort();
  }
  const { with: folders, without } = code[name];
  // A large file whose sum lies beside it stands in a store image's tag by that sum alone.
  const kept = folders
    .flatMap(below)
    .filter((path) => !without.test(path) && !existsSync(join(repositoryRoot, `${path}.sha256`)));
  return [...new Set([`${recipe}/Dockerfile`, "package.json", "package-lock.json", ...kept])].sort();
}

function tagOf(name: PlatformImageName, step: ImageStep): string {
  const hash = createHash("sha256").update(`edition ${edition}\nhelm ${catalogue.helm.version}\n`);
  if (step === "code") hash.update(`${tagOf(name, "libraries")}\n`);
  for (const path of platformImageFiles(name, step)) {
    const content = readFileSync(join(repositoryRoot, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * The full reference of an image, such as `localhost/storefleet/api:0123456789ab`; the tag names what goes in.
 * @param registry default `localhost`: images that are loaded into the nodes
 */
export function platformImageReference(name: PlatformImageName, registry: string = defaultImageRegistry): string {
  return `${registry}/storefleet/${name}:${tagOf(name, "code")}`;
}

/** The same of what an image's code is put on; it never leaves the machine that builds. */
export function librariesReference(name: PlatformImageName): string {
  return `${defaultImageRegistry}/storefleet/${name}-libraries:${tagOf(name, "libraries")}`;
}
