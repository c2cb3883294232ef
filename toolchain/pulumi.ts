import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { ToolchainContext } from "./lib/context.ts";
import { CommandError, run } from "./lib/exec.ts";
import type { Finding } from "./lib/finding.ts";
import { repositoryRoot } from "./lib/paths.ts";
import { ToolchainProblem } from "./lib/problem.ts";

/** The Pulumi CLI that will be used, and where it keeps state. */
export interface Pulumi {
  readonly kind: "installed" | "downloaded" | "offline-engine";
  /** Folder that holds `bin/pulumi`; `undefined` means `pulumi` from the PATH. */
  readonly root: string | undefined;
  readonly version: string;
  /** Variables for every Pulumi process: backend, passphrase file, home. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The program that stands in for the real CLI where that cannot be had. */
export const offlineEngineRoot = join(repositoryRoot, "toolchain", "offline-engine");

/** Where the SDK's own installer puts the CLI: a folder for each version. */
function downloadRoot(context: ToolchainContext): string {
  return join(context.paths.cache, "pulumi", sdkVersion());
}

function sdkVersion(): string {
  const manifest = join(repositoryRoot, "node_modules", "@pulumi", "pulumi", "package.json");
  const version: unknown = JSON.parse(readFileSync(manifest, "utf8")).version;
  if (typeof version !== "string") throw new Error(`${manifest} has no version.`);
  return version;
}

/** Roots to try for a CLI that somebody installed, in order; `undefined` is the PATH. */
function installedRoots(context: ToolchainContext): (string | undefined)[] {
  const { PULUMI_ROOT, PULUMI_HOME } = context.environment;
  return [undefined, PULUMI_ROOT, PULUMI_HOME, join(context.environment.HOME, ".pulumi")].filter(
    (root, index) => index === 0 || (root !== undefined && existsSync(join(root, "bin", "pulumi"))),
  );
}

type Found = Pick<Pulumi, "kind" | "root" | "version">;

/** The CLI at `root` when it exists and the SDK accepts its version. */
async function probe(kind: Pulumi["kind"], root: string | undefined): Promise<Found | undefined> {
  try {
    const command = await PulumiCommand.get(root === undefined ? {} : { root });
    return { kind, root, version: command.version?.toString() ?? "unknown" };
  } catch {
    return undefined;
  }
}

async function findInstalled(context: ToolchainContext): Promise<Found | undefined> {
  for (const root of installedRoots(context)) {
    const found = await probe("installed", root);
    if (found !== undefined) return found;
  }
  return probe("downloaded", downloadRoot(context));
}

/** Whether Pulumi's download host answers at all; a closed network says no at once or within the time limit. */
async function canDownload(): Promise<boolean> {
  try {
    const answer = await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      signal: AbortSignal.timeout(3000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

async function download(context: ToolchainContext): Promise<Found | undefined> {
  if (!(await canDownload())) return undefined;
  return context.reporter.step(`Download the Pulumi CLI ${sdkVersion()}`, 40, async () => {
    const root = downloadRoot(context);
    mkdirSync(root, { recursive: true });
    // Without a version the installer takes that of the SDK, which is the one we are tested with.
    const command = await PulumiCommand.install({ root });
    return { kind: "downloaded", root, version: command.version?.toString() ?? "unknown" };
  });
}

/** The passphrase of this machine's stacks, made at the first start and readable by its owner only. */
function ensurePassphraseFile(context: ToolchainContext): string {
  const file = join(context.paths.state, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return file;
}

/** Variables for Pulumi: what the user set wins, otherwise a folder of ours. */
function pulumiEnvironment(context: ToolchainContext): Record<string, string> {
  const { environment, paths } = context;
  const backend = join(paths.state, "pulumi");
  mkdirSync(backend, { recursive: true, mode: 0o700 });
  const passphrase: Record<string, string> =
    environment.PULUMI_CONFIG_PASSPHRASE !== undefined
      ? { PULUMI_CONFIG_PASSPHRASE: environment.PULUMI_CONFIG_PASSPHRASE }
      : { PULUMI_CONFIG_PASSPHRASE_FILE: environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? ensurePassphraseFile(context) };
  return {
    PULUMI_BACKEND_URL: environment.PULUMI_BACKEND_URL ?? pathToFileURL(backend).href,
    PULUMI_HOME: environment.PULUMI_HOME ?? join(paths.state, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...passphrase,
  };
}

/**
 * Makes sure of a Pulumi CLI: one that is installed, otherwise the official download, otherwise the offline engine.
 * Which one it is gets printed, because the offline engine covers only what this product uses.
 */
export async function ensurePulumi(context: ToolchainContext): Promise<Pulumi> {
  const found =
    (await findInstalled(context)) ?? (await download(context)) ?? (await probe("offline-engine", offlineEngineRoot));
  if (found === undefined) {
    throw new ToolchainProblem(
      "No usable Pulumi CLI was found, and the offline engine of this checkout does not answer.",
      "Install the Pulumi CLI, or run `npm ci` to repair this checkout.",
    );
  }
  return { ...found, environment: pulumiEnvironment(context) };
}

/** One line for people: which CLI, and why. */
export function describePulumi(pulumi: Found): string {
  const where = pulumi.root === undefined ? "from the PATH" : `in ${pulumi.root}`;
  const texts: Record<Pulumi["kind"], string> = {
    installed: `the Pulumi CLI ${pulumi.version} ${where}`,
    downloaded: `the Pulumi CLI ${pulumi.version}, downloaded`,
    "offline-engine":
      "Storefleet's offline engine, because Pulumi's downloads cannot be reached; the real CLI can open its stacks",
  };
  return texts[pulumi.kind];
}

/** What the doctor says about Pulumi. */
export async function inspectPulumi(context: ToolchainContext): Promise<Finding> {
  const installed = await findInstalled(context);
  if (installed !== undefined) {
    return { need: "pulumi", choice: describePulumi(installed), ready: true, missing: [] };
  }
  if (await canDownload()) {
    return {
      need: "pulumi",
      choice: `the Pulumi CLI ${sdkVersion()}, to be downloaded`,
      ready: true,
      missing: ["the Pulumi CLI"],
      remedy: "npm start",
    };
  }
  const offline = await probe("offline-engine", offlineEngineRoot);
  const missing = ["a real Pulumi CLI"];
  if (offline === undefined) return { need: "pulumi", choice: "none", ready: false, missing, remedy: "npm ci" };
  return {
    need: "pulumi",
    choice: describePulumi(offline),
    ready: true,
    missing,
    remedy: "curl -fsSL https://get.pulumi.com | sh   (from a network that reaches it)",
  };
}

/** Runs the chosen CLI by hand, as a user would. A failure says what Pulumi complained of, not how it counted the changes. */
export async function runPulumi(pulumi: Pulumi, args: readonly string[], options: Parameters<typeof run>[2] = {}) {
  const command = pulumi.root === undefined ? "pulumi" : join(pulumi.root, "bin", "pulumi");
  try {
    return await run(command, args, { ...options, env: { ...pulumi.environment, ...options.env } });
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const complaints = complaintsIn(cause.stdout);
    if (complaints === "") throw cause;
    throw new CommandError(`pulumi ${args[0]} failed:\n${complaints}`, cause.exitCode, cause, { cause });
  }
}

/** What stands below the headline `Diagnostics:`, as far as it is indented. */
function complaintsIn(stdout: string): string {
  return (/^Diagnostics:\n((?: .*\n|\n)*)/m.exec(stdout)?.[1] ?? "").trimEnd();
}
