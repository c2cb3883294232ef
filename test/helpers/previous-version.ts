import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { createStoreRunner } from "../../automation-api/store-runner.ts";
import { run, succeeds } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { FleetVersion } from "./fleet.ts";
import type { Machine } from "./machine.ts";

// Two versions of the service and of the store program side by side: the one of this checkout and the one before it.

/** The version before the next release: from before stores got new secrets, which changed database, program and chart. */
const BEFORE = "13fc6d8f68d81c2e94397ad9b00f94124e87150c";

/** Folder of the program that makes stores without pods. */
const smallProgram = join("test", "automation-api", "kill-matrix", "program");

/** What stores are made of, as far as Medusa goes. */
const images = ["postgres", "redis", "medusa", "storefront"] as const;

/** One version of the service, as it is started and as it works on stacks. */
export interface TestVersion extends FleetVersion {
  /** Works on the machine's stacks with this version's program; one run at a time with everybody else's. */
  readonly runner: Machine["runner"];
  /** Names of the migrations that it knows. */
  readonly migrations: readonly string[];
}

/** Which commit is the version before: the newest release that is not this one, else the one that is written down here. */
export async function previousCommit(): Promise<string> {
  const git = ["-C", repositoryRoot];
  const described = [...git, "describe", "--tags", "--abbrev=0", "--match=v*", "HEAD~1"];
  if (!(await succeeds("git", described))) return BEFORE;
  return (await run("git", described)).stdout.trim();
}

/** Why the version before cannot be had here; `undefined` when it can. */
export async function whyNoPrevious(): Promise<string | undefined> {
  const commit = await previousCommit();
  if (await succeeds("git", ["-C", repositoryRoot, "cat-file", "-e", `${commit}^{commit}`])) return undefined;
  return `the history of this checkout does not reach back to ${commit} (git fetch --unshallow --tags)`;
}

/** Brings the version before into a folder of the machine; it shares the libraries of this checkout. */
export async function takePrevious(machine: Machine): Promise<TestVersion> {
  const checkout = join(machine.folder, "previous");
  mkdirSync(checkout);
  const archive = 'git -C "$from" archive "$commit" | tar -x -C "$to"';
  await run("sh", ["-c", archive], {
    env: { from: repositoryRoot, commit: await previousCommit(), to: checkout },
  });
  for (const workspace of ["", "automation-api", "toolchain", "web", "test", "infra", "stores"]) {
    const libraries = join(repositoryRoot, workspace, "node_modules");
    if (existsSync(libraries)) symlinkSync(libraries, join(checkout, workspace, "node_modules"));
  }
  const toolchain = await import(join(checkout, "toolchain/images/images.ts"));
  await toolchain.ensureImages(machine.context, machine.cluster, images);
  return versionIn(machine, checkout, "previous");
}

/** The version of this checkout. */
export function takeCurrent(machine: Machine): Promise<TestVersion> {
  return versionIn(machine, repositoryRoot, "current");
}

async function versionIn(machine: Machine, checkout: string, name: string): Promise<TestVersion> {
  const { pulumi, cluster, helm, folder } = machine;
  const program = mixedProgram(join(folder, "programs", name), checkout);
  const stores = await import(join(checkout, "toolchain/stores.ts"));
  const root = pulumi.kind === "offline-engine" ? join(checkout, "toolchain", "offline-engine") : pulumi.root;
  const environment: Record<string, string> = stores.pulumiEnvironmentFor(pulumi, cluster, helm);
  const migrations = readdirSync(join(checkout, "automation-api/database/migrations"));
  // Each with its own runner where there is one, so that what it does to stacks is what that version does.
  const { createStoreRunner: create } = (await import(join(checkout, "automation-api/store-runner.ts"))) as {
    createStoreRunner: typeof createStoreRunner;
  };
  return {
    arguments: ["--enable-source-maps", "--max-semi-space-size=4", join(checkout, "automation-api", "main.ts")],
    environment: { STOREFLEET_STORE_PROGRAM: program, ...(root !== undefined && { STOREFLEET_PULUMI_ROOT: root }) },
    migrations: migrations.map((file) => file.replace(/\.ts$/, "")),
    runner: await create({
      ...{ pulumiRoot: root, program, workFolders: join(folder, "work"), inherited: process.env, environment },
      backendUrl: environment.PULUMI_BACKEND_URL ?? "",
      ...{ kubeconfig: cluster.kubeconfig, context: cluster.context },
    }),
  };
}

/** A program that makes stores with `small` in their names as the small program does, all others as the store program does. */
function mixedProgram(folder: string, checkout: string): string {
  mkdirSync(folder, { recursive: true });
  const real = join(checkout, "stores");
  // This checkout's for both versions: it is no part of either, and a platform that is there refuses one from before its policies.
  const small = join(repositoryRoot, smallProgram);
  for (const entry of readdirSync(real)) {
    if (["index.ts", "Pulumi.yaml", "node_modules"].includes(entry)) continue;
    symlinkSync(join(real, entry), join(folder, entry));
  }
  symlinkSync(join(small, "chart"), join(folder, "chart"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  cpSync(join(real, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const names = ["url", "adminUrl", "namespace", "engine", "engineVersion", "adminUser", "credentials", "rotations"];
  const program = [
    'import * as pulumi from "@pulumi/pulumi";',
    `const isSmall = pulumi.getStack().includes("small");`,
    `const made = await import(isSmall ? "${join(small, "index.ts")}" : "${join(real, "index.ts")}");`,
    `export const { ${[...names, "access", "notes"].join(", ")} } = made;`,
  ];
  writeFileSync(join(folder, "index.ts"), `${program.join("\n")}\n`);
  return folder;
}
