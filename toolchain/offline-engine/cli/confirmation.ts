import { createInterface } from "node:readline/promises";
import { EngineProblem } from "../problem.ts";
import type { Kind } from "./deployments.ts";
import type { Workspace } from "./workspace.ts";

/** Asks whether to do what the preview showed. Without a terminal nobody could answer. */
export async function askToGoOn(kind: Kind, workspace: Workspace): Promise<void> {
  const command = kind === "update" ? "up" : kind;
  if (!workspace.interactive) {
    throw new EngineProblem(
      `--yes or --skip-preview must be passed in to proceed when running '${command}' in non-interactive mode`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`Do you want to perform this ${kind}? [yes/no] `);
    if (answer.trim() !== "yes" && answer.trim() !== "y")
      throw new EngineProblem(`confirmation declined, not proceeding with the ${kind}`);
  } finally {
    terminal.close();
  }
}
