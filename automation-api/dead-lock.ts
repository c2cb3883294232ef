import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isGone, readProcessStat } from "./process-stat.ts";

/** What Pulumi writes into the lock file of a stack in a folder backend (pkg/backend/diy/lock.go). */
const lockSchema = z.object({ pid: z.number().int(), hostname: z.string(), timestamp: z.coerce.date() });

/** Linux counts process start times in ticks of 10 ms (USER_HZ), on every architecture we run on. */
const millisecondsPerTick = 10;

/** When a process started; `undefined` where that cannot be known. */
function startedAt(pid: number): Date | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined) return undefined;
  const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  return new Date(bootSeconds * 1000 + Number(stat.startTicks) * millisecondsPerTick);
}

/** Whether the process that took the lock at `since` has ended, even if its number was given to another one. */
function hasEnded(pid: number, since: Date): boolean {
  if (isGone(pid)) return true;
  const started = startedAt(pid);
  // Boot time is known to a second; a process that seems less than two seconds younger than its lock may be its owner.
  return started !== undefined && started.getTime() > since.getTime() + 2000;
}

/**
 * Whether a stack in a folder backend is locked only by processes that have died: of this machine, or of one that is known
 * to be gone. Locks of Pulumi's other backends, of other machines, and unreadable ones count as alive: breaking the lock of
 * a living run corrupts the stack, leaving a dead one only asks for a `pulumi cancel`.
 * @param isHostGone whether the machine of that name, such as a pod, is gone for ever. Default: none is
 */
export async function isLockDead(
  backendUrl: string,
  project: string,
  stack: string,
  isHostGone: (hostname: string) => Promise<boolean> = async () => false,
): Promise<boolean> {
  if (!backendUrl.startsWith("file://")) return false;
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "locks", "organization", project, stack);
  try {
    const locks = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const areDead = await Promise.all(
      locks.map(async (name) => {
        const lock = lockSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
        const isOurs = lock.hostname === hostname();
        return isOurs ? hasEnded(lock.pid, lock.timestamp) : isHostGone(lock.hostname);
      }),
    );
    return areDead.length > 0 && areDead.every(Boolean);
  } catch {
    return false;
  }
}
