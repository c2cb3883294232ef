import type { ToolchainContext } from "../../lib/context.ts";
export async function stopNative(_context: ToolchainContext): Promise<void> {}
