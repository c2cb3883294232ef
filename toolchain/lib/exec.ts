import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to (not instead of) the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Given to the program on its standard input. */
  readonly input?: string;
  /** File to which the whole output is appended. */
  readonly log?: string;
  /** Aborting ends the program with SIGTERM. */
  readonly signal?: AbortSignal;
  /** The program is killed after this many seconds. Default: never. */
  readonly timeoutSeconds?: number;
  /** Called with every line of standard output and standard error, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program could not be started, failed, or took too long. The message is a sentence with the end of its output. */
export class CommandError extends Error {
  /** `undefined` when the program was ended by a signal or never started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(message: string, exitCode: number | undefined, output: RunResult, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
    this.stdout = output.stdout;
    this.stderr = output.stderr;
  }
}

/** The last lines of a program's output: what a person looks at first when it failed. */
function lastLines(output: RunResult): string {
  const text = output.stderr.trim() === "" ? output.stdout : output.stderr;
  return text.trim().split("\n").slice(-6).join("\n");
}

/** Runs a program to its end and gives its output. Throws {@link CommandError} when it does not exit with 0. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const name = command.split("/").at(-1) ?? command;
  return new Promise((resolve, reject) => {
    const log = options.log === undefined ? undefined : openSync(options.log, "a");
    if (log !== undefined) writeSync(log, `$ ${name} ${args.join(" ")}\n`);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      signal: options.signal,
      timeout: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      let rest = "";
      child[stream]?.setEncoding("utf8").on("data", (chunk: string) => {
        output[stream] += chunk;
        if (log !== undefined) writeSync(log, chunk);
        if (options.onLine === undefined) return;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) options.onLine(line);
      });
    }
    // A program that ends without reading its input closes the pipe; its exit code tells what happened.
    child.stdin?.on("error", () => undefined).end(options.input);
    let startError: Error | undefined;
    child.on("error", (error) => {
      startError = error;
    });
    child.on("close", (code, signal) => {
      if (log !== undefined) closeSync(log);
      if (code === 0 && startError === undefined) return resolve(output);
      reject(new CommandError(describe(name, code, signal, startError, output), code ?? undefined, output));
    });
  });
}

function describe(
  name: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  startError: Error | undefined,
  output: RunResult,
): string {
  if (startError !== undefined && startError.name !== "AbortError") {
    return `${name} could not be started: ${startError.message}.`;
  }
  const how = signal === null ? `failed with exit code ${code}` : `was ended by ${signal}`;
  const tail = lastLines(output);
  return tail === "" ? `${name} ${how}.` : `${name} ${how}:\n${tail}`;
}

/** Whether a program exists and exits with 0. For questions such as "does the Docker daemon answer?". */
export async function succeeds(command: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  try {
    await run(command, args, options);
    return true;
  } catch {
    return false;
  }
}
