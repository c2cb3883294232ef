import { network } from "../../../toolchain/cluster/native/settings.ts";
import { run, succeeds } from "../../../toolchain/lib/exec.ts";

// Beyond the cluster: a host of the web, and the metadata service of a cloud. Both are played by a network namespace of this
// machine that refuses every connection, which is an answer; so what gets there is told from what is dropped, without asking
// anybody else's computer.

/** An address that documentation may use (RFC 5737), and the one where clouds tell machines who they are. */
export const outside = { web: "203.0.113.2", metadata: "169.254.169.254" } as const;

const NAMESPACE = "storefleet-outside";
const OURS = "sfoutside0";
const THEIRS = "sfoutside1";
const GATEWAY = "203.0.113.1";
/** A table of routes of its own: only pods are led astray, never this machine. */
const TABLE = "20331";

const inside = ["ip", "netns", "exec", NAMESPACE, "ip"] as const;
const toMetadata = ["from", network.pods, "to", outside.metadata, "lookup", TABLE];

const commands: readonly (readonly [string, ...string[]])[] = [
  ["ip", "netns", "add", NAMESPACE],
  ["ip", "link", "add", OURS, "type", "veth", "peer", "name", THEIRS, "netns", NAMESPACE],
  ["ip", "address", "add", `${GATEWAY}/30`, "dev", OURS],
  ["ip", "link", "set", OURS, "up"],
  [...inside, "address", "add", `${outside.web}/30`, "dev", THEIRS],
  [...inside, "address", "add", `${outside.metadata}/32`, "dev", THEIRS],
  [...inside, "link", "set", THEIRS, "up"],
  [...inside, "route", "add", "default", "via", GATEWAY],
  ["ip", "route", "add", outside.metadata, "via", outside.web, "table", TABLE],
  ["ip", "rule", "add", ...toMetadata],
];

/** Makes it, after what a run that was killed has left of it. */
export async function openOutside(): Promise<void> {
  await closeOutside();
  for (const [program, ...args] of commands) await run(program, args);
}

/** Takes every trace of it away. */
export async function closeOutside(): Promise<void> {
  await succeeds("ip", ["rule", "delete", ...toMetadata]);
  await succeeds("ip", ["link", "delete", OURS]);
  await succeeds("ip", ["netns", "delete", NAMESPACE]);
}
