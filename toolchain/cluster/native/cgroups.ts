import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** All processes of pods are below this group, so that they can be told from every other process of the machine. */
export const cgroupRoot = "/storefleet";

/** Mount points of the cgroup hierarchies in `/proc/self/mounts`: one on new machines, one per controller on older ones. */
export function hierarchies(mounts: string): string[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(
      ([, mountPoint, type]) => (type === "cgroup" || type === "cgroup2") && mountPoint?.startsWith("/sys/fs/cgroup"),
    )
    .flatMap(([, mountPoint]) => (mountPoint === undefined ? [] : [mountPoint]));
}

/** The group in every hierarchy. */
export async function groups(): Promise<string[]> {
  return hierarchies(await readFile("/proc/self/mounts", "utf8")).map((mountPoint) => join(mountPoint, cgroupRoot));
}

/**
 * What all pods together get of the processor when the machine is busy: as much as four programs, under the names that the
 * older and the newer hierarchy have for it. By default they are one program among all others, and a store that comes up
 * beside a build takes minutes.
 */
const weights = { "cpu.shares": "4096", "cpu.weight": "400" };

/** Makes the group in every hierarchy: the kubelet takes one that exists only. */
export async function ensureCgroups(): Promise<void> {
  for (const group of await groups()) {
    await mkdir(group, { recursive: true });
    // In the older hierarchy a new cpuset is empty, and no process may join it before it is filled.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const own = join(group, file);
      const parent = join(group, "..", file);
      if (!existsSync(own) || !existsSync(parent) || (await readFile(own, "utf8")).trim() !== "") continue;
      await writeFile(own, await readFile(parent));
    }
    for (const [file, weight] of Object.entries(weights)) {
      if (existsSync(join(group, file))) await writeFile(join(group, file), weight);
    }
  }
}

/** The group and everything below it, the deepest first. */
async function withDescendants(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  const children = entries.filter((entry) => entry.isDirectory()).map((entry) => join(group, entry.name));
  return [...(await Promise.all(children.map(withDescendants))).flat(), group];
}

async function processesBelow(group: string): Promise<number[]> {
  const lists = await Promise.all(
    (await withDescendants(group)).map((each) => readFile(join(each, "cgroup.procs"), "utf8").catch(() => "")),
  );
  return lists.flatMap((list) =>
    list
      .split("\n")
      .filter((line) => line !== "")
      .map(Number),
  );
}

/** Kills every process of a pod that is still there, however it escaped an orderly end. */
export async function killPodProcesses(): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const found = await Promise.all((await groups()).map(processesBelow));
    const pids = new Set(found.flat());
    if (pids.size === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(100);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

/** Removes the group in every hierarchy. Its processes must have ended. */
export async function removeCgroups(): Promise<void> {
  for (const group of await groups()) {
    for (const each of await withDescendants(group)) await rmdir(each).catch(() => undefined);
  }
}
