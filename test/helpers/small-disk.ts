import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A small file system of its own, in memory. */
export interface SmallDisk {
  /** Takes all of its room, to the last byte. */
  fill(): void;
  /** Gives back what was taken. */
  free(): void;
  remove(): void;
}

/** Why none can be made here; `undefined` when it can. */
export const smallDiskProblem =
  process.platform === "linux" && process.getuid?.() === 0 ? undefined : "only root of a Linux can make a small disk";

/** @param megabytes its size */
export function makeSmallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "storefleet-test", folder]);
  const filler = join(folder, ".filler");
  return {
    fill() {
      const file = openSync(filler, "a");
      try {
        for (;;) writeSync(file, Buffer.alloc(4096));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => void execFileSync("umount", ["--lazy", folder]),
  };
}
