import { openSecrets } from "../secrets.ts";
import { StackConfig } from "../stack-config.ts";
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { deploymentFlags, type Kind } from "./deployment-flags.ts";
import type { Workspace } from "./workspace.ts";

/** The commands that run the engine. */
export const commands: Readonly<Record<string, Command>> = {
  preview: { summary: "Show what an update would do", flags: deploymentFlags, run: running("preview") },
  up: { summary: "Create or update the resources of a stack", flags: deploymentFlags, run: running("update") },
  refresh: { summary: "Make the state what is really there", flags: deploymentFlags, run: running("refresh") },
  destroy: { summary: "Delete all resources of a stack", flags: deploymentFlags, run: running("destroy") },
};

function running(kind: Kind): Command["run"] {
  return async (workspace, given) => {
    beginToOpenSecrets(workspace, given);
    const { runDeployment } = await import("./deployments.ts");
    await runDeployment(kind, workspace, given);
  };
}

/** Deriving the key keeps one core busy for a moment, loading the engine the other; so the two are done at once. */
function beginToOpenSecrets(workspace: Workspace, given: Arguments): void {
  const stack = workspace.stack(given);
  const { seal } = StackConfig.open(workspace.project, stack.stack, given.value("config-file"));
  // Whoever needs the secrets asks again and gets the same answer, a wrong passphrase included.
  if (seal !== undefined) openSecrets(seal, workspace.environment).catch(() => {});
}
