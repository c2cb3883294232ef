import { isGone, readProcessStat } from "../process-stat.ts";

/**
 * When a process started, in ticks since the machine did: tells it from a later one that got the same number. Empty where
 * there is no `/proc`, and for a process that has ended.
 */
export function processStart(pid: number): string {
  const stat = readProcessStat(pid);
  return stat === undefined || stat.isZombie ? "" : stat.startTicks;
}

/** Whether that very process of this machine has ended. */
export function hasEnded({ pid, processStart: start }: { pid: number; processStart: string }): boolean {
  return isGone(pid) || (start !== "" && processStart(pid) !== start);
}
