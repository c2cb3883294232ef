import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ToolchainContext } from "../lib/context.ts";
import { lockHolder } from "../lib/lock.ts";

/** Held by npm start for as long as it lives. */
export function startLock({ paths }: Pick<ToolchainContext, "paths">): string {
  return join(paths.run, "start.lock");
}

/** How long a running npm start may take to stop what it started. */
const startEndsWithinSeconds = 60;

/** Ends an npm start that still runs, or it would start again what is being stopped. */
export async function endStart(context: ToolchainContext): Promise<void> {
  const lock = startLock(context);
  const holder = lockHolder(lock);
  if (holder === undefined) return;
  process.kill(holder, "SIGTERM");
  const deadline = Date.now() + startEndsWithinSeconds * 1000;
  while (lockHolder(lock) === holder && Date.now() < deadline) await sleep(100);
}
