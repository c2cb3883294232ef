import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../lib/paths.ts";
import type { Step } from "../../lib/progress.ts";
import { unescapeMount, unmountBelow } from "./mounts.ts";
import { removeDevices, removeRules } from "./network-traces.ts";
import { stopEverything } from "./stop.ts";

// Clusters of other home folders of this machine.

/** The folders of the home whose cluster runs on this machine, which may be another than ours. */
export function pathsOf(home: string, paths: Paths): Paths {
  if (home === paths.home) return paths;
  const at = (name: string) => join(home, name);
  return { ...paths, home, logs: at("logs"), run: at("run"), cluster: at("cluster") };
}

/** Homes, other than `home`, whose cluster has left its BPF programs in `/proc/self/mounts`. */
export function foreignHomes(mounts: string, home: string): string[] {
  const ending = "/cluster/bpf";
  return mounts
    .split("\n")
    .filter((line) => line.startsWith("storefleet-bpf "))
    .map((line) => unescapeMount(line.split(" ")[1] ?? ""))
    .filter((path) => path.endsWith(ending) && path !== `${home}${ending}`)
    .map((path) => path.slice(0, -ending.length));
}

/**
 * Takes the machine's network back from stopped clusters of other homes. Their BPF programs are still attached to the
 * devices and would drop what ours let through, because they look into maps that nobody fills any more. The data of those
 * clusters stays; their next start makes devices and programs anew.
 */
export async function clearForeignNetworks(paths: Paths, step: Step): Promise<void> {
  const homes = foreignHomes(await readFile("/proc/self/mounts", "utf8"), paths.home);
  if (homes.length === 0) return;
  step.say("taking over from a stopped cluster of another home");
  for (const home of homes) {
    await stopEverything(pathsOf(home, paths), step);
    await unmountBelow(join(home, "cluster", "bpf"));
  }
  await removeDevices();
  await removeRules();
}
