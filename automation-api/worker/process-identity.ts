import { readFileSync } from "node:fs";

/**
 * When a process started, in ticks since the machine did: tells it from a later one that got the same number. Empty where
 * there is no `/proc`, and for a process that has ended.
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/** Whether that very process of this machine has ended. */
export function hasEnded({ pid, processStart: start }: { pid: number; processStart: string }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return true;
  }
  return start !== "" && processStart(pid) !== start;
}
