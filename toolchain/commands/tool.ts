import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";

export interface ToolOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Its output is kept until it ends, so that it does not mix with that of another. Default false. */
  readonly isHeld?: boolean;
}

/**
 * Runs a program of the dependencies in our terminal.
 * @throws {ToolchainProblem} when it ends with anything but 0
 */
export function runTool(
  context: ToolchainContext,
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
) {
  const { env, isHeld = false } = options;
  const binaries = join(repositoryRoot, "node_modules", ".bin");
  return new Promise<void>((resolve, reject) => {
    const output = isHeld ? "pipe" : "inherit";
    const child = spawn(command, args, {
      cwd: repositoryRoot,
      stdio: ["inherit", output, output],
      env: { ...process.env, PATH: `${binaries}:${context.environment.PATH}`, ...env },
      signal: context.signal,
      killSignal: "SIGINT",
    });
    const held: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => held.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(held));
      if (code === 0) resolve();
      else reject(new ToolchainProblem(`${command} ${args.join(" ")} failed.`, "Mend what it says above."));
    });
  });
}
