import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isGone } from "../process-stat.ts";

/** A process that was started for an operation. */
export interface LeftProcess {
  readonly pid: number;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

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

/**
 * Processes of this machine that carry the operation in their environment: Pulumi, the program, providers, helm. Always
 * empty on systems without `/proc`: there a run that was left behind goes on until it ends by itself.
 */
export function processesOf(operationId: string): LeftProcess[] {
  const mark = `STOREFLEET_OPERATION=${operationId}`;
  // What has ended and waits for its parent to notice can still show its environment.
  return numbersOfProcesses()
    .filter((pid) => pid !== process.pid && read(pid, "environ").split("\0").includes(mark) && !isGone(pid))
    .map((pid) => ({ pid, command: read(pid, "cmdline").replaceAll("\0", " ").trim() }));
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
 * Ends every process of an operation and waits until they are gone; what they start in the meantime ends, too. Returns
 * how many there were at first. Throws when some are still there after ten seconds.
 */
export async function endProcessesOf(operationId: string): Promise<number> {
  const deadline = Date.now() + PATIENCE;
  const first = processesOf(operationId);
  for (let left = first; left.length > 0; left = processesOf(operationId)) {
    if (Date.now() > deadline) {
      throw new Error(
        `Processes of the operation ${operationId} cannot be ended: ${left.map(({ pid }) => pid).join(", ")}.`,
      );
    }
    for (const each of left) kill(each);
    await sleep(50);
  }
  return first.length;
}
