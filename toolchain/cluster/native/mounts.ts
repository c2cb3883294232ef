import { readFile } from "node:fs/promises";
import { run, succeeds } from "../../lib/exec.ts";

/** A path as `/proc/self/mounts` writes it (spaces and the like in octal), as it is. */
export function unescapeMount(path: string): string {
  return path.replaceAll(/\\(\d{3})/g, (_match, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Mount points at or below `folder` in `/proc/self/mounts`, the latest mounted first. */
export function mountsBelow(mounts: string, folder: string): string[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .map(unescapeMount)
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

/** Unmounts everything below `folder`, so that removing it can never reach into something mounted there. */
export async function unmountBelow(folder: string): Promise<void> {
  // A mount point may be covered several times; each round takes one layer away.
  for (let round = 0; round < 10; round += 1) {
    const mounted = mountsBelow(await readFile("/proc/self/mounts", "utf8"), folder);
    if (mounted.length === 0) return;
    for (const path of mounted) {
      if (!(await succeeds("umount", [path]))) await succeeds("umount", ["--lazy", path]);
    }
  }
}

/** Mounts a file system of the kernel's own at `folder`, unless something is mounted there already. */
export async function ensureMounted(type: "bpf" | "cgroup2", folder: string): Promise<void> {
  if (mountsBelow(await readFile("/proc/self/mounts", "utf8"), folder).includes(folder)) return;
  await run("mount", ["-t", type, `storefleet-${type}`, folder]);
}
