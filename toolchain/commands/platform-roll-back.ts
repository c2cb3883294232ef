import { platformImageReference } from "../images/platform-files.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { openPlatform } from "../platform/open-platform.ts";
import { migrationsOf, rollBackPlatform } from "../platform/roll-back.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm run platform:roll-back -- --to VERSION [--check] [--stack NAME] [--context NAME]

Takes back what an older version does not know of the platform's database, or says why it cannot be done. From the checkout of the
newer version: first with --check, then install the older one (in its own checkout: npm run platform), then without --check. The
older version works with the newer database until then, so requests are answered all the time.

  --to VERSION    a tag or commit of this repository, such as v0.1.0
  --check         only say whether it can be done
  --stack NAME    the platform's stack. Default: local
  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--check"], ["--to", "--stack", "--context"]);
  const version = option(args, "to");
  if (version === undefined) throw new ToolchainProblem("No version is named.", "Name it with --to; see --help.");
  const known = await migrationsOf(version);
  const platform = await openPlatform(context, {
    stack: option(args, "stack") ?? "local",
    context: option(args, "context"),
  });
  const image = platformImageReference("api", context.environment.STOREFLEET_REGISTRY);
  const said = await rollBackPlatform(platform, { known, image, check: args.includes("--check") });
  process.stdout.write(`${said}\n`);
});
