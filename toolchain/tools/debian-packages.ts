import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { ensurePackages } from "../lib/debian.ts";
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

/** Makes sure of all programs, by Debian's packages where something is missing. Needs root for that. */
export async function ensurePrograms(context: ToolchainContext, programs: readonly SystemProgram[]): Promise<void> {
  const missing = await missingPackages(programs);
  if (missing.length === 0) return;
  await ensurePackages(context, missing, "to run a cluster");
  const still = await missingPackages(programs);
  if (still.length === 0) return;
  throw new ToolchainProblem(
    `The packages ${still.join(" ")} do not bring the programs the cluster needs.`,
    `Reinstall them (apt-get install --reinstall ${still.join(" ")}) and run the command again.`,
  );
}
