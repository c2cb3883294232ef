import type { ToolchainContext } from "../../lib/context.ts";
import type { Finding } from "../../lib/finding.ts";
export async function inspectNative(_context: ToolchainContext): Promise<Finding> {
  return { need: "cluster", choice: "", ready: true, missing: [] };
}
