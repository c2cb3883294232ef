import { createInterface } from "node:readline/promises";
import { EngineProblem } from "../problem.ts";
import type { Kind } from "./deployment-flags.ts";
import type { Workspace } from "./workspace.ts";

/** Without a terminal nobody could answer. */
export function requireTerminal(kind: Kind, { interactive }: Workspace): void {
  if (interactive) return;
  const command = kind === "update" ? "up" : kind;
  throw new EngineProblem(
    `--yes or --skip-preview must be passed in to proceed when running '${command}' in non-interactive mode`,
  );
}

/** Asks whether to do what the preview showed, as often as somebody wants details first. */
export async function askToGoOn(kind: Kind, showDetails: () => Promise<void>): Promise<void> {
  for (;;) {
    const answer = await ask(`Do you want to perform this ${kind}? [yes/no/details] `);
    if (answer === "yes" || answer === "y") return;
    if (answer === "details" || answer === "d") await showDetails();
    else if (answer === "no" || answer === "n" || answer === "") {
      throw new EngineProblem(`confirmation declined, not proceeding with the ${kind}`);
    }
  }
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim().toLowerCase();
  } finally {
    terminal.close();
  }
}
