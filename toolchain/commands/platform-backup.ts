import { resolve } from "node:path";
import { ToolchainProblem } from "../lib/problem.ts";
import { backUpPlatform } from "../platform/backup.ts";
import { openPlatform } from "../platform/open-platform.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm run platform:backup -- --to FOLDER [--stack NAME] [--context NAME]

Writes a backup of the platform in the cluster into a new folder: the database, the stores' state, and the passphrase that
opens it. Nothing stops meanwhile. Whoever has the folder can open everything in it. The data of the stores themselves is in
their own volumes, and not in it.

  --to FOLDER     a folder that is not there yet
  --stack NAME    the platform's stack. Default: local
  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, [], ["--to", "--stack", "--context"]);
  const to = option(args, "to");
  if (to === undefined) throw new ToolchainProblem("No folder is named.", "Name one with --to.");
  const platform = await openPlatform(context, {
    stack: option(args, "stack") ?? "local",
    context: option(args, "context"),
  });
  const missing = await context.reporter.step("Back up the platform", 15, () => backUpPlatform(platform, resolve(to)));
  for (const part of missing) context.reporter.info(`  Not in it: ${part}.`);
  process.stdout.write(`\n${resolve(to)}\nKeep it where only you can read it.\n`);
});
