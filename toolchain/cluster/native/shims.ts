import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Paths } from "../../lib/paths.ts";
import { layout } from "./settings.ts";

/** The processes that hold one pod each for containerd; they outlive it, and name its socket on their command line. */
export async function findShims(paths: Paths): Promise<number[]> {
  const { containerdSocket } = layout(paths);
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
      const isShim = words[0]?.includes("containerd-shim") === true && words.includes(containerdSocket);
      return isShim ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Kills them, and with them containerd's knowledge of the pods. */
export async function killShims(paths: Paths): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const pids = await findShims(paths);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself in the meantime.
      }
    }
    await sleep(50);
  }
}
