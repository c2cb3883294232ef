import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ToolchainProblem } from "./problem.ts";
import { identify, isAlive } from "./process-identity.ts";

const holderSchema = z.object({ pid: z.number().int(), startTime: z.string().optional(), why: z.string() });

function readHolder(file: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** The number of the living process that holds the lock; `undefined` when it is free. */
export function lockHolder(file: string): number | undefined {
  const holder = readHolder(file);
  return holder !== undefined && isAlive({ pid: holder.pid, startTime: holder.startTime }) ? holder.pid : undefined;
}

/** Takes the lock if it is free; a lock whose holder died counts as free. */
function tryLock(file: string, why: string): boolean {
  const mine = `${file}.${process.pid}`;
  const self = identify(process.pid);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startTime: self?.startTime, why }));
  try {
    // link() is atomic and, unlike rename(), fails when the name is taken; the file is complete from the start.
    linkSync(mine, file);
    return true;
  } catch {
    const holder = readHolder(file);
    if (holder === undefined || !isAlive({ pid: holder.pid, startTime: holder.startTime }))
      rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

export interface LockOptions {
  /** How long to wait for another holder. Default 0: say at once who holds it. */
  readonly waitSeconds?: number;
  /** Called once, when there is another holder to wait for, with what it does. */
  readonly onWait?: (holder: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while no other process does anything under the same lock file.
 * A lock is free again as soon as its holder has died, however it died.
 */
export async function withLock<T>(
  file: string,
  why: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const deadline = Date.now() + (options.waitSeconds ?? 0) * 1000;
  let staleRetries = 3;
  let told = false;
  while (!tryLock(file, why)) {
    options.signal?.throwIfAborted();
    const holder = readHolder(file);
    if (holder === undefined && staleRetries-- > 0) continue;
    if (Date.now() >= deadline) {
      throw new ToolchainProblem(
        `Another process${holder === undefined ? "" : ` (${holder.pid}, ${holder.why})`} is at work here.`,
        "Wait until it has finished, or stop it, and run the command again.",
      );
    }
    if (!told) options.onWait?.(holder === undefined ? "another process" : `process ${holder.pid} (${holder.why})`);
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
