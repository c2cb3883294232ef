import { readFileSync } from "node:fs";

/** What Linux tells of a process in `/proc/<pid>/stat`; see proc_pid_stat(5). */
export interface ProcessStat {
  /** It has ended, and its parent has not noticed yet. Its number still exists, so signals can be sent to it. */
  readonly isZombie: boolean;
  /** When it started, in ticks of 10 ms since the machine did. */
  readonly startTicks: string;
}

/** `undefined` for a process that is gone, and where there is no `/proc`. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { isZombie: fields[0] === "Z", startTicks: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/** Whether no process of this machine has that number any more, or only one that has ended. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return true;
  }
  return readProcessStat(pid)?.isZombie ?? false;
}
