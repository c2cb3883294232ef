import { type ExecFileException, execFile } from "node:child_process";
import { complaintIn, PulumiComplaint } from "./pulumi-complaint.ts";

/** There is no stack of the name that was asked about. */
export class NoSuchStack extends Error {
  override readonly name = "NoSuchStack";
}

/** Exports of large stacks; ours come to some tens of kilobytes. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface PulumiQuestion {
  /** The executable. */
  readonly command: string;
  /** Work folder of the stack. */
  readonly folder: string;
  readonly stack: string;
  /** Words after `pulumi stack`, such as `output --json`. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reading takes a second or two; after so many milliseconds nothing comes any more. */
const PATIENCE = 60_000;

/**
 * What `pulumi stack …` prints, parsed as JSON. Asked without the Automation API, whose way to put these questions always
 * shows every secret, and starts two processes where one will do. Throws NoSuchStack, or PulumiComplaint
 * when the CLI says why it failed.
 */
export function askPulumi({ command, folder, stack, words, environment }: PulumiQuestion): Promise<unknown> {
  const args = ["stack", ...words, "--stack", stack, "--non-interactive"];
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      env: environment,
      maxBuffer: MOST_BYTES,
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    } as const;
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else if (/no stack named.*found/.test(stderr)) reject(new NoSuchStack(`There is no stack "${stack}".`));
      else reject(failureOf(words, error, stderr));
    });
  });
}

function failureOf(words: readonly string[], error: ExecFileException, stderr: string): Error {
  const complaint = complaintIn(stderr);
  if (complaint !== undefined) return new PulumiComplaint(complaint);
  // Not with what it printed: that may hold a secret.
  return new Error(`pulumi stack ${words[0]} ended with ${error.code ?? error.signal}.`);
}
