import type { Arguments, FlagKinds } from "./arguments.ts";
import type { Workspace } from "./workspace.ts";

/** One command of the CLI. */
export interface Command {
  /** One line for `pulumi --help`. */
  readonly summary: string;
  /** Flags it takes besides the common ones. */
  readonly flags: FlagKinds;
  run(workspace: Workspace, given: Arguments): Promise<void> | void;
}
