import { readdir } from "node:fs/promises";
import { run, succeeds } from "../../lib/exec.ts";
import { network } from "./settings.ts";

// What the cluster's network leaves on the machine, outside of every folder.

/** Our own device, and those Cilium made for itself and for pods. */
export function isClusterDevice(name: string): boolean {
  return name === network.device || /^(cilium_(host|net)|lxc[0-9a-f]{12}|lxc_health)$/.test(name);
}

/** Removes {@link isClusterDevice our devices}. */
export async function removeDevices(): Promise<void> {
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

/** Removes our rules and sets. What stays are the kernel's own empty tables, which even listing the rules brings into being. */
export async function removeRules(): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    const saved = await run(`${family}-save`, []).catch(() => undefined);
    if (saved === undefined || !/CILIUM_|STOREFLEET/.test(saved.stdout)) continue;
    await run(`${family}-restore`, ["--wait"], { input: withoutClusterRules(saved.stdout) });
  }
  for (const set of ["cilium_node_set_v4", "cilium_node_set_v6"]) await succeeds("ipset", ["destroy", set]);
}
