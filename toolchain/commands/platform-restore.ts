import { resolve } from "node:path";
import { ToolchainProblem } from "../lib/problem.ts";
import { restorePlatform } from "../platform/backup.ts";
import { openPlatform } from "../platform/open-platform.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm run platform:restore -- --from FOLDER [--replace] [--stack NAME] [--context NAME]

Makes the platform in the cluster what it was when a backup was taken: the same people, stores and operations, whose state is
opened by the same passphrase. Operations that were under way go on. Install the platform first with npm run platform.

  --from FOLDER   the backup
  --replace       also where stores are managed already, which are forgotten then
  --stack NAME    the platform's stack. Default: local
  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--replace"], ["--from", "--stack", "--context"]);
  const from = option(args, "from");
  if (from === undefined) throw new ToolchainProblem("No backup is named.", "Name its folder with --from.");
  const platform = await openPlatform(context, {
    stack: option(args, "stack") ?? "local",
    context: option(args, "context"),
  });
  await context.reporter.step("Restore the platform", 60, () =>
    restorePlatform(platform, resolve(from), args.includes("--replace")),
  );
});
