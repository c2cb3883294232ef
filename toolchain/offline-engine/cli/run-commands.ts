import { EngineProblem } from "../problem.ts";
import type { Command } from "./command.ts";
import { deploymentFlags, runDeployment } from "./deployments.ts";

/** The commands that run the engine. */
export const commands: Readonly<Record<string, Command>> = {
  preview: {
    summary: "Show what an update would do",
    flags: deploymentFlags,
    run: (workspace, given) => runDeployment("preview", workspace, given),
  },
  up: {
    summary: "Create or update the resources of a stack",
    flags: deploymentFlags,
    run: (workspace, given) => runDeployment("update", workspace, given),
  },
  refresh: {
    summary: "Make the state what is really there",
    flags: deploymentFlags,
    run: (workspace, given) => runDeployment("refresh", workspace, given),
  },
  destroy: {
    summary: "Delete all resources of a stack",
    flags: deploymentFlags,
    run: async (workspace, given) => {
      await runDeployment("destroy", workspace, given);
      if (given.has("remove")) throw new EngineProblem("--remove is not supported; run `pulumi stack rm` afterwards");
    },
  },
};
