import pc from "picocolors";
import { inspectCluster } from "../cluster/cluster.ts";
import { inspectDatabase } from "../database/database.ts";
import { inspectImages } from "../images/images.ts";
import type { Finding } from "../lib/finding.ts";
import { inspectPulumi } from "../pulumi.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run doctor [-- --json]

Says what would be used for Pulumi, the cluster, images and the database, what is missing, and the command that mends
it. Changes nothing. Exits with 1 when npm start could not succeed.
`;

function print(finding: Finding): void {
  const mark = finding.ready ? pc.green("✓") : pc.red("✗");
  process.stdout.write(`${mark} ${pc.bold(finding.need.padEnd(9))} ${finding.choice}\n`);
  if (finding.missing.length > 0) process.stdout.write(`            missing: ${finding.missing.join(", ")}\n`);
  if (finding.remedy !== undefined) process.stdout.write(`            to mend: ${finding.remedy}\n`);
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--json"]);
  const findings = await Promise.all([
    inspectPulumi(context),
    inspectCluster(context),
    inspectImages(context),
    inspectDatabase(context),
  ]);
  if (args.includes("--json")) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  else for (const finding of findings) print(finding);
  if (!findings.every((finding) => finding.ready)) process.exitCode = 1;
});
