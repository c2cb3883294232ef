import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import type { Cluster } from "./cluster.ts";
export async function dockerAnswers(): Promise<boolean> {
  return false;
}
export async function ensureK3d(_context: ToolchainContext): Promise<Cluster> {
  throw new Error("todo");
}
export async function stopK3d(_context: ToolchainContext): Promise<void> {}
export async function removeK3d(_context: ToolchainContext): Promise<void> {}
export async function inspectK3d(_context: ToolchainContext): Promise<Finding> {
  throw new Error("todo");
}
