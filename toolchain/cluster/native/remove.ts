import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../../lib/context.ts";
import { withLock } from "../../lib/lock.ts";
import { daemonLog } from "../../lib/processes.ts";
import type { Step } from "../../lib/progress.ts";
import { killPodProcesses, removeCgroups } from "./cgroups.ts";
import { clusterLock } from "./cluster-lock.ts";
import { unmountBelow } from "./mounts.ts";
import { removeDevices, removeRules } from "./network-traces.ts";
import { daemonNames } from "./settings.ts";
import { stopEverything } from "./stop.ts";

/** Removes the native cluster: its processes, its data, and every trace it left on the machine. */
export async function removeNative(context: ToolchainContext): Promise<void> {
  const { paths } = context;
  const isEmpty = (await readdir(paths.cluster).catch(() => [])).length === 0;
  if (isEmpty) return;
  await withLock(
    clusterLock(paths),
    "removing the cluster",
    () => context.reporter.step("Removing the cluster", 15, (step) => removeEverything(context, step)),
    { waitSeconds: 600, signal: context.signal },
  );
}

async function removeEverything(context: ToolchainContext, step: Step): Promise<void> {
  const { paths } = context;
  await stopEverything(paths, step);
  step.say("removing devices, rules and mounts");
  await killPodProcesses();
  await unmountBelow(paths.cluster);
  await removeDevices();
  await removeRules();
  await removeCgroups();
  await removeStrayFiles(paths.cluster);
  step.say("removing data");
  await rm(paths.cluster, { recursive: true, force: true });
  await mkdir(paths.cluster, { mode: 0o700 });
  await Promise.all(
    daemonNames.map(async (name) => {
      for (const ending of ["", ".1"]) await rm(`${daemonLog(paths, name)}${ending}`, { force: true });
    }),
  );
}

/** The few places outside our folders where containerd and the kubelet insist on leaving something. */
async function removeStrayFiles(cluster: string): Promise<void> {
  const links = "/var/log/containers";
  for (const name of await readdir(links).catch(() => [])) {
    const target = await readlink(join(links, name)).catch(() => "");
    if (target.startsWith(`${cluster}/`)) await rm(join(links, name), { force: true });
  }
  const devicePlugins = "/var/lib/kubelet/device-plugins";
  for (const file of ["kubelet.sock", "kubelet_internal_checkpoint", "DEPRECATION"]) {
    await rm(join(devicePlugins, file), { force: true });
  }
  // Network plugin calls that found no agent; there is nobody left to make them.
  await rm("/run/cilium/deleteQueue", { recursive: true, force: true });
  const folders = [links, devicePlugins, "/var/lib/kubelet", "/run/containerd/s", "/run/containerd", "/run/cilium"];
  for (const folder of folders) {
    // Only if it is empty: another container runtime may use it.
    if (existsSync(folder)) await rmdir(folder).catch(() => undefined);
  }
}
