import type { ToolchainContext } from "../../lib/context.ts";
export async function removeNative(_context: ToolchainContext): Promise<void> {}
