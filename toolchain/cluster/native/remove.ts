import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../../lib/context.ts";
import { run, succeeds } from "../../lib/exec.ts";
import { withLock } from "../../lib/lock.ts";
import { daemonLog } from "../../lib/processes.ts";
import type { Step } from "../../lib/progress.ts";
import { killPodProcesses, removeCgroups } from "./cgroups.ts";
import { clusterLock } from "./cluster-lock.ts";
import { unmountBelow } from "./mounts.ts";
import { daemonNames, network } from "./settings.ts";
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

/** Our own device, and those Cilium made for itself and for pods. */
export function isClusterDevice(name: string): boolean {
  return name === network.device || /^(cilium_(host|net)|lxc[0-9a-f]{12}|lxc_health)$/.test(name);
}

async function removeDevices(): Promise<void> {
  const names = await readdir("/sys/class/net").catch(() => []);
  // Deleting one end of a pair takes the other along, so some are gone when their turn comes.
  for (const name of names.filter(isClusterDevice)) await succeeds("ip", ["link", "delete", name]);
}

/** A saved table of iptables without what is ours: Cilium's chains and our own, and the rules that lead to them. */
export function withoutClusterRules(saved: string): string {
  const ours = /^(:|-A )(CILIUM_|STOREFLEET)|-j (CILIUM_|STOREFLEET)/;
  return saved
    .split("\n")
    .filter((line) => !ours.test(line))
    .join("\n");
}

/** What stays are the kernel's own empty tables, which even listing the rules brings into being. */
async function removeRules(): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    const saved = await run(`${family}-save`, []).catch(() => undefined);
    if (saved === undefined || !/CILIUM_|STOREFLEET/.test(saved.stdout)) continue;
    await run(`${family}-restore`, ["--wait"], { input: withoutClusterRules(saved.stdout) });
  }
  for (const set of ["cilium_node_set_v4", "cilium_node_set_v6"]) await succeeds("ipset", ["destroy", set]);
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
