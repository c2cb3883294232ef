import { existsSync } from "node:fs";
import { createContext } from "../../toolchain/lib/context.ts";
import { ToolchainProblem } from "../../toolchain/lib/problem.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";
import { catalogue } from "../../toolchain/tools/catalogue.ts";
import { forgetBuilds } from "../../toolchain/tools/go-build.ts";
import type { proofTools } from "../../toolchain/tools/proof-tools.ts";
import { ensureToolFolder, missingTools } from "../../toolchain/tools/tools.ts";

/**
 * Folder of a program that only long tests run, built where it is not there yet. `undefined` where it cannot be had, after saying
 * what remains unproved and why.
 */
export async function proofTool(name: keyof typeof proofTools): Promise<string | undefined> {
  const base = createContext();
  const context = { ...base, reporter: createSilentReporter(base.paths.logs) };
  const { version, buildSeconds } = catalogue[name];
  const isMissing = (await missingTools(context, [name])).length > 0;
  if (isMissing)
    say(`building ${name} ${version}, which takes about ${Math.ceil(buildSeconds / 60)} minutes on two cores`);
  try {
    const folder = await ensureToolFolder(context, name);
    if (isMissing && existsSync(folder)) await forgetBuilds(context);
    return folder;
  } catch (error) {
    if (!(error instanceof ToolchainProblem)) throw error;
    say(`NOT PROVED, because ${name} ${version} cannot be had here: ${error.message} ${error.remedy}`);
    return undefined;
  }
}

const say = (text: string) => void process.stdout.write(`${text}\n`);
