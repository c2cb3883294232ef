import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import type { Cluster } from "./cluster.ts";
export async function contextCluster(_context: ToolchainContext, _name: string | undefined): Promise<Cluster> {
  throw new Error("todo");
}
export async function inspectContext(_context: ToolchainContext, _name: string | undefined): Promise<Finding> {
  throw new Error("todo");
}
