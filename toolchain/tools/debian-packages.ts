import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { run, succeeds } from "../lib/exec.ts";
import { withLock } from "../lib/lock.ts";
import { ToolchainProblem } from "../lib/problem.ts";

/** A program the operating system provides. */
export interface SystemProgram {
  /** File names under which it may be found, the preferred one first; or one absolute path. */
  readonly files: readonly string[];
  /** Debian package that brings it. */
  readonly debianPackage: string;
}

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Path of the program, or `undefined` when the machine does not have it. */
export async function findProgram(program: SystemProgram): Promise<string | undefined> {
  for (const file of program.files) {
    const candidates = file.startsWith("/") ? [file] : folders.map((folder) => join(folder, file));
    for (const candidate of candidates) {
      const usable = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (usable) return candidate;
    }
  }
  return undefined;
}

/** The Debian packages of those programs the machine lacks. */
export async function missingPackages(programs: readonly SystemProgram[]): Promise<string[]> {
  const found = await Promise.all(programs.map(findProgram));
  const missing = programs.filter((_program, index) => found[index] === undefined);
  return [...new Set(missing.map((program) => program.debianPackage))];
}

/** Makes sure of all programs, by apt-get where something is missing. Needs root for that. */
export async function ensurePrograms(context: ToolchainContext, programs: readonly SystemProgram[]): Promise<void> {
  const missing = await missingPackages(programs);
  if (missing.length === 0) return;
  const names = missing.join(" ");
  const remedy = `Install them by hand (apt-get install ${names}) and run the command again.`;
  if (!(await succeeds("apt-get", ["--version"]))) {
    throw new ToolchainProblem(
      `This machine lacks programs the cluster needs (Debian packages: ${names}), and it has no apt-get.`,
      "Install the packages of your distribution that hold these programs, and run the command again.",
    );
  }
  await context.reporter.step(`Installing ${names}`, 40, async (step) => {
    const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, log: step.log, signal: context.signal };
    try {
      await withLock(join(context.paths.run, "apt.lock"), "installing packages", () => install(missing, options), {
        waitSeconds: 600,
        signal: context.signal,
      });
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      throw new ToolchainProblem(`apt-get could not install ${names}.`, remedy, { cause: thrown });
    }
  });
  const still = await missingPackages(programs);
  if (still.length > 0) {
    throw new ToolchainProblem(`The packages ${still.join(" ")} do not bring the programs the cluster needs.`, remedy);
  }
}

async function install(
  packages: readonly string[],
  options: { env: Record<string, string>; log: string; signal: AbortSignal },
): Promise<void> {
  // Waits for another apt-get instead of failing at once.
  const args = ["-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", ...packages];
  // The package lists of a fresh machine may be missing or old: only then are they fetched.
  if (!(await succeeds("apt-get", args, options))) {
    await run("apt-get", ["-o", "DPkg::Lock::Timeout=300", "update"], options);
    await run("apt-get", args, options);
  }
  // Debian starts the services it installs. The cluster runs a containerd of its own.
  if (packages.includes("containerd") && existsSync("/run/systemd/system")) {
    await run("systemctl", ["disable", "--now", "containerd"], options);
  }
}
