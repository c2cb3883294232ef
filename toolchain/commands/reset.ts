import { rm } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { removeCluster } from "../cluster/cluster.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { stopServiceAndDatabase } from "../service/service.ts";
import { endStart } from "../service/start-lock.ts";
import { requireKnown, runCommand } from "./command.ts";

const usage = `
npm run reset [-- --yes --cache]

Removes everything Storefleet made on this machine: the local cluster with every store in it, its processes, mounts,
network interfaces and firewall rules, and the state folder. There is no way back.

  --yes     do not ask (for scripts)
  --cache   also remove downloads and builds, which are otherwise kept for the next start
`;

const confirmation = "remove everything";

async function confirm(home: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new ToolchainProblem(
      "Reset asks for a typed confirmation, and there is no terminal.",
      "Run npm run reset -- --yes.",
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `This removes the local cluster with every store in it, and ${home}.\nType "${confirmation}" to go on: `,
  );
  terminal.close();
  if (answer.trim() !== confirmation)
    throw new ToolchainProblem("Nothing was removed.", `Type exactly: ${confirmation}`);
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--yes", "--cache"]);
  if (!args.includes("--yes")) await confirm(context.paths.home);
  await endStart(context);
  await stopServiceAndDatabase(context);
  await removeCluster(context);
  await rm(context.paths.home, { recursive: true, force: true });
  if (args.includes("--cache")) await rm(context.paths.cache, { recursive: true, force: true });
  process.stderr.write("Everything Storefleet made on this machine is gone.\n");
});
