import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderTag, type ImageName, imagesFolder } from "../../stores/images.ts";
import { cached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { run } from "../lib/exec.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { readAptSetup } from "./apt-setup.ts";

/** The base images we make ourselves where official ones cannot be pulled. */
export type BaseName = "debian" | "node";

/** The npm in the node base; kept to the major version that comes with the Node in package.json. */
const npmVersion = "11.19.1";

const bases: Record<ImageName, BaseName> = {
  postgres: "debian",
  redis: "debian",
  medusa: "node",
  storefront: "node",
  mariadb: "debian",
  woocommerce: "debian",
};

export function baseOf(name: ImageName): BaseName {
  return bases[name];
}

export function baseReference(name: BaseName): string {
  return `localhost/storefleet/base-${name}:local`;
}

/** Folder with `rootfs.tar`: this machine's Debian release, bootstrapped from its own mirror and made small. */
export async function ensureRootfs(context: ToolchainContext): Promise<string> {
  const apt = await readAptSetup(context);
  const base = join(imagesFolder, "base");
  // The sources are part of the key by their sum: another mirror may hold other packages.
  const sources = createHash("sha256").update(apt.sources).digest("hex").slice(0, 8);
  return cached(context, join("images", "base", `debian-${apt.suite}-${folderTag([base])}-${sources}`), (folder) =>
    context.reporter.step("Bootstrap a small Debian for images", 45, async (step) => {
      const options = join(folder, "apt.conf");
      await writeFile(options, apt.options);
      await run(join(base, "bootstrap.sh"), [apt.suite, options, join(folder, "rootfs.tar")], {
        input: apt.sources,
        log: step.log,
        signal: context.signal,
        env: { TMPDIR: context.paths.work },
      });
      await rm(options);
    }),
  );
}

/** Folder with `local/`, to become /usr/local of the node base: the Node that runs us, and npm from its registry. */
export async function ensureNodeFolder(context: ToolchainContext): Promise<string> {
  const nodePackage = join(repositoryRoot, "node_modules", "node");
  const { version } = JSON.parse(await readFile(join(nodePackage, "package.json"), "utf8"));
  return cached(context, join("images", "base", `node-${version}-npm-${npmVersion}`), async (folder) => {
    const local = join(folder, "local");
    await mkdir(join(local, "bin"), { recursive: true });
    await cp(join(nodePackage, "bin", "node"), join(local, "bin", "node"));
    const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", `npm@${npmVersion}`];
    await run("npm", args, { cwd: folder, signal: context.signal });
    await mkdir(join(local, "lib", "node_modules"), { recursive: true });
    await rename(join(folder, "node_modules", "npm"), join(local, "lib", "node_modules", "npm"));
    for (const rest of ["node_modules", "package.json", "package-lock.json"]) {
      await rm(join(folder, rest), { recursive: true, force: true });
    }
  });
}
