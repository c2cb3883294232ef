import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { FaultPoint, Faults } from "./fault-points.ts";
import { processesOf } from "./worker/left-processes.ts";

/**
 * Lets processes die at named points, for tests only: nothing but the variable STOREFLEET_FAULTS turns it on. A test arms a
 * point by a file of its name in the folder. Whoever comes by first renames it to `<point>.hit`, so that it happens once, and
 * dies. A file that holds a regular expression spares them: the operation's processes whose command line matches it die.
 */
export function faultsIn(folder: string): Faults {
  return (point, operation) => {
    const victims = take(folder, point);
    if (victims === undefined) return;
    if (victims === "") process.kill(process.pid, "SIGKILL");
    else if (operation !== undefined) killProcesses(operation, new RegExp(victims));
  };
}

/** What the armed point holds; `undefined` when it is not armed, or another process was faster. */
function take(folder: string, point: FaultPoint): string | undefined {
  const armed = join(folder, point);
  try {
    const victims = readFileSync(armed, "utf8");
    renameSync(armed, `${armed}.hit`);
    return victims;
  } catch {
    return undefined;
  }
}

function killProcesses(operation: string, victims: RegExp): void {
  for (const { pid, command } of processesOf({ operation })) {
    try {
      if (victims.test(command)) process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
}
