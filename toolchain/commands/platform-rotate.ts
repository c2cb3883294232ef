import { ToolchainProblem } from "../lib/problem.ts";
import { openPlatform } from "../platform/open-platform.ts";
import { rotateDatabasePassword, rotatePassphrase } from "../platform/rotate.ts";
import { rotateSealingKey } from "../platform/rotate-sealing-key.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm run platform:rotate -- --what passphrase|database-password|sealing-key [--stack NAME] [--context NAME]

Makes a secret of the platform in the cluster anew. Stores sell and requests are answered meanwhile.

  --what passphrase         what opens the state of all stores; operations wait until every stack is encrypted anew. Backups
                            from before are opened by the passphrase that is in them
  --what database-password  of the PostgreSQL that the platform runs
  --what sealing-key        with which the kubeconfigs of other clusters are encrypted. What webhooks are signed with stays as it
                            is, because others know it: each webhook has a new secret made where it is changed
  --stack NAME              the platform's stack. Default: local
  --context NAME            use this context of your kubeconfig instead of a cluster of ours
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, [], ["--what", "--stack", "--context"]);
  const what = option(args, "what");
  const wish = { stack: option(args, "stack") ?? "local", context: option(args, "context") };
  if (what === "passphrase") {
    const platform = await openPlatform(context, wish);
    const count = await context.reporter.step("Encrypt the stores' state anew", 60, () => rotatePassphrase(platform));
    process.stdout.write(`${count} stacks have a new passphrase. Take a backup: older ones hold the old one.\n`);
  } else if (what === "database-password") {
    const platform = await openPlatform(context, wish);
    await context.reporter.step("Give the control plane a new password of its database", 60, () =>
      rotateDatabasePassword(platform),
    );
  } else if (what === "sealing-key") {
    const platform = await openPlatform(context, wish);
    const { sealed, unopened } = await context.reporter.step("Encrypt kubeconfigs anew", 120, () =>
      rotateSealingKey(platform),
    );
    process.stdout.write(`${sealed} kubeconfigs have a new key. Take a backup: older ones hold the old one.\n`);
    for (const name of unopened)
      process.stdout.write(`No key opens the one of "${name}"; give the cluster its kubeconfig anew.\n`);
  } else {
    throw new ToolchainProblem(
      "Nothing is named that could be made anew.",
      "Choose one of those in --help with --what.",
    );
  }
});
