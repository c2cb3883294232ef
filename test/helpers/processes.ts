import { readdirSync, readFileSync } from "node:fs";

/** A process below another. */
export interface Descendant {
  readonly pid: number;
  /** The command line, words separated by spaces. */
  readonly command: string;
}

/** `undefined` for a process that has ended. */
export function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Every living process below the given one (default: this one), parents before their children. */
export function descendants(root: number = process.pid): Descendant[] {
  const pids = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b);
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (parents.get(pid) === root || isBelow(parents.get(pid)));
  return pids.filter(isBelow).map((pid) => ({ pid, command: commandOf(pid) }));
}
