import { run, succeeds } from "../../lib/exec.ts";
import { network } from "./settings.ts";

const chain = "STOREFLEET";
const jump = ["PREROUTING", "--jump", chain];

/** Devices from which the cluster's own addresses may be asked; a plus sign stands for any ending. */
const insideDevices = ["lo", network.device, "cilium_+", "lxc+"];

/** The rules of our chain: what comes from inside goes on, what comes from outside for us is dropped. */
export function firewallRules(): string[][] {
  const inside = insideDevices.map((device) => ["--in-interface", device, "--jump", "RETURN"]);
  const ranges = [`${network.nodeAddress}/32`, network.pods, network.services];
  return [...inside, ["--destination", ranges.join(","), "--jump", "DROP"]];
}

/**
 * Keeps neighbours of this machine away from the cluster's addresses. The machine forwards packets once pods run, so
 * a neighbour that sends packets for a pod to us would otherwise reach it.
 */
export async function ensureFirewall(iptables: string): Promise<void> {
  const raw = (...args: string[]) => [["--wait", "--table", "raw"], args].flat();
  if (await succeeds(iptables, raw("--check", ...jump))) return;
  await succeeds(iptables, raw("--new-chain", chain));
  await run(iptables, raw("--flush", chain));
  for (const rule of firewallRules()) await run(iptables, raw("--append", chain, ...rule));
  await run(iptables, raw("--insert", ...jump));
}
