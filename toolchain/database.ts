import type { ToolchainContext } from "./lib/context.ts";
import type { Finding } from "./lib/finding.ts";

/** What the doctor says about the control plane's database. Nothing needs one yet: stores bring their own. */
export async function inspectDatabase(context: ToolchainContext): Promise<Finding> {
  const choice =
    context.environment.DATABASE_URL === undefined
      ? "none needed yet; every store brings a PostgreSQL of its own"
      : "the PostgreSQL that DATABASE_URL names (not used yet)";
  return { need: "database", choice, ready: true, missing: [] };
}
