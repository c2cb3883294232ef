import pc from "picocolors";
import { createContext, type ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem, toError } from "../lib/problem.ts";
import type { Reporter } from "../lib/progress.ts";

/** The exit code of a program that Ctrl-C ended, by convention of every shell. */
const interruptedExitCode = 130;

export interface CommandOptions {
  /** Printed for `--help`. */
  readonly usage: string;
  /** What to say when the command was stopped by Ctrl-C. */
  readonly interrupted?: string;
  readonly reporter?: (logs: string) => Reporter;
}

/**
 * Runs one of our commands from start to end: help, Ctrl-C, and errors as one sentence with what to do about it.
 * The first Ctrl-C (or SIGTERM) aborts the context's signal, so that running steps stop and clean up;
 * a second one ends the process at once.
 */
export async function runCommand(
  options: CommandOptions,
  work: (context: ToolchainContext, args: readonly string[]) => Promise<void>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${options.usage.trim()}\n`);
    return;
  }
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    process.stderr.write("\nStopping; press Ctrl-C again to stop at once.\n");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  try {
    await work(createContext({ signal: controller.signal }), args);
  } catch (thrown) {
    process.exitCode = controller.signal.aborted ? interruptedExitCode : 1;
    if (controller.signal.aborted) process.stderr.write(`${options.interrupted ?? "Stopped."}\n`);
    else printProblem(toError(thrown));
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop);
  }
}

/** One sentence that says what is wrong, one that says what to do; a stack trace only for what we did not foresee. */
export function printProblem(error: Error): void {
  process.stderr.write(`\n${pc.red(pc.bold("Error:"))} ${error.message}\n`);
  if (error instanceof ToolchainProblem) process.stderr.write(`${pc.bold("What to do:")} ${error.remedy}\n`);
  else if (process.env.STOREFLEET_DEBUG === "1") process.stderr.write(`${error.stack}\n`);
}

/** The value behind `--name` (or `--name=value`), if it was given. */
export function option(args: readonly string[], name: string): string | undefined {
  const inline = args.find((arg) => arg.startsWith(`--${name}=`));
  if (inline !== undefined) return inline.slice(name.length + 3);
  const index = args.indexOf(`--${name}`);
  return index === -1 ? undefined : args[index + 1];
}

/** Refuses what the command does not know, so that a typing error is never silently ignored. */
export function requireKnown(
  args: readonly string[],
  flags: readonly string[],
  withValue: readonly string[] = [],
): void {
  for (let index = 0; index < args.length; index++) {
    const name = (args[index] ?? "").replace(/=.*$/, "");
    if (flags.includes(name)) continue;
    if (!withValue.includes(name)) {
      throw new ToolchainProblem(`"${args[index]}" is not an option of this command.`, "See the options with --help.");
    }
    if (args[index]?.includes("=")) continue;
    index += 1;
    if (args[index] === undefined || args[index]?.startsWith("--")) {
      throw new ToolchainProblem(`${name} needs a value.`, "See the options with --help.");
    }
  }
}
