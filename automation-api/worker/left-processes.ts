import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isGone } from "../process-stat.ts";
import { FENCING_VARIABLE, OPERATION_VARIABLE } from "../stack-runner.ts";

/** A process that was started for an operation. */
export interface LeftProcess {
  readonly pid: number;
  readonly operation: string;
  /** Number of the lease under which it was started. */
  readonly fencing: string | undefined;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

/** Which processes are meant: all of an operation, or those of one of its runs. */
export interface RunMark {
  readonly operation: string;
  readonly fencing?: string | undefined;
}

/** What runs for operations: processes of this machine, or pods of a cluster. */
export interface Runs {
  /** Each run of which something is there, whoever started it. */
  running(): Promise<readonly (Required<RunMark> & { readonly command?: string })[]>;
  /** Ends all of an operation, or of one of its runs, by force, and waits until it is gone. */
  end(mark: RunMark): Promise<unknown>;
  /** Whether those of workers on other machines are reached, too. */
  readonly areEverywhere: boolean;
}

/** The processes of this machine. */
export const localRuns: Runs = {
  running: async () => runningProcesses(),
  end: (mark) => endProcessesOf(mark),
  areEverywhere: false,
};

/** How long a killed process may take to be gone, in milliseconds. */
const PATIENCE = 10_000;

function read(pid: number, file: "environ" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has ended, or belongs to somebody else.
    return "";
  }
}

function variable(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

function describe(pid: number): LeftProcess | undefined {
  const environment = read(pid, "environ");
  if (pid === process.pid || !environment.includes(OPERATION_VARIABLE)) return undefined;
  const entries = environment.split("\0");
  const operation = variable(entries, OPERATION_VARIABLE);
  // What has ended and waits for its parent to notice can still show its environment.
  if (operation === undefined || isGone(pid)) return undefined;
  const command = read(pid, "cmdline").replaceAll("\0", " ").trim();
  return { pid, operation, fencing: variable(entries, FENCING_VARIABLE), command };
}

/**
 * Processes of this machine that were started for operations: Pulumi, the program, providers, helm. Always empty on systems
 * without `/proc`: there a run that was left behind goes on until it ends by itself.
 */
export function runningProcesses(): LeftProcess[] {
  return numbersOfProcesses()
    .map(describe)
    .filter((found) => found !== undefined);
}

/** Those of one operation, or of one of its runs. */
export function processesOf({ operation, fencing }: RunMark): LeftProcess[] {
  return runningProcesses().filter(
    (found) => found.operation === operation && (fencing === undefined || found.fencing === fencing),
  );
}

function numbersOfProcesses(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function kill({ pid }: LeftProcess): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in between.
  }
}

/**
 * Ends every process of an operation, or of one of its runs, and waits until they are gone; what they start in the meantime
 * ends, too. Returns how many there were at first. Throws when some are still there after ten seconds.
 */
export async function endProcessesOf(mark: RunMark): Promise<number> {
  const deadline = Date.now() + PATIENCE;
  const first = processesOf(mark);
  for (let left = first; left.length > 0; left = processesOf(mark)) {
    if (Date.now() > deadline) {
      throw new Error(
        `Processes of the operation ${mark.operation} cannot be ended: ${left.map(({ pid }) => pid).join(", ")}.`,
      );
    }
    for (const each of left) kill(each);
    await sleep(50);
  }
  return first.length;
}
