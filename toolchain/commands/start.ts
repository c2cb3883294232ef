import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { ensureDatabase } from "../database/database.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { lockHolder, withLock } from "../lib/lock.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { ensureClusterWithImages } from "../machine.ts";
import { describePulumi, ensurePulumi } from "../pulumi.ts";
import { ensureDashboard } from "../service/dashboard.ts";
import { ensureDemoStore } from "../service/demo.ts";
import { describeCluster, type Foundations, serviceOrigin } from "../service/environment.ts";
import { startService, stopServiceAndDatabase } from "../service/service.ts";
import { newSignInLink } from "../service/sign-in.ts";
import { startLock } from "../service/start-lock.ts";
import { ensureTool } from "../tools/tools.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm start [-- --demo] [-- --context NAME]

Makes sure of Pulumi, a Kubernetes cluster, images and a database, starts the service and the dashboard, and prints the
address with a one-time sign-in link. Stays until Ctrl-C or npm run stop. Safe to repeat and to interrupt.

  --demo          also make a store named "demo", and wait until it sells
  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

const interrupted = "Stopped. Stores that run go on running; npm start continues where this stopped.";

/** Says at once when Storefleet runs already; two of them would fight over the port. */
function requireNotStarted(context: ToolchainContext, lock: string): void {
  const holder = lockHolder(lock);
  if (holder === undefined) return;
  throw new ToolchainProblem(
    `Storefleet is started already, by process ${holder}: ${serviceOrigin(context)}`,
    "npm run sign-in prints a new sign-in link; npm run stop stops it.",
  );
}

async function lay(context: ToolchainContext, wish: string | undefined): Promise<Foundations> {
  const pulumi = await ensurePulumi(context);
  context.reporter.info(`${pc.green("✓")} Pulumi: ${describePulumi(pulumi)}`);
  // Before the cluster: what a build of it downloads is removed when the cluster's own programs are built.
  const helm = await ensureTool(context, "helm");
  const database = await ensureDatabase(context);
  // To their end, so that one problem does not leave the other at work behind our back.
  const [cluster, dashboard] = await Promise.allSettled([
    ensureClusterWithImages(context, wish === undefined ? {} : { context: wish }),
    ensureDashboard(context),
  ]);
  if (cluster.status === "rejected") throw cluster.reason;
  if (dashboard.status === "rejected") throw dashboard.reason;
  context.reporter.info(`${pc.green("✓")} Cluster: ${describeCluster(cluster.value)}`);
  context.reporter.info(`${pc.green("✓")} Database: ${database.description}`);
  return { pulumi, helm, database, cluster: cluster.value, dashboard: dashboard.value };
}

function report(origin: string, link: string, demo: string | undefined): void {
  process.stdout.write(`
${pc.bold(pc.green("Storefleet is ready."))}

  Sign in    ${pc.cyan(link)}   (once, within an hour)
  Dashboard  ${pc.cyan(origin)}
  API        ${pc.cyan(`${origin}/docs`)}
${demo === undefined ? "" : `  Demo       ${pc.cyan(demo)}\n`}
Ctrl-C stops the service and leaves the stores running. npm run stop also stops the cluster; npm run reset removes all.
`);
}

async function serve(context: ToolchainContext, args: readonly string[]): Promise<void> {
  const begin = performance.now();
  const foundations = await lay(context, option(args, "context"));
  const service = await context.reporter.step("Start the service", 3, () => startService(context, foundations));
  const link = () => newSignInLink(foundations.database.url, service.origin);
  const demo = args.includes("--demo") ? await ensureDemoStore(context, await link()) : undefined;
  report(service.origin, await link(), demo);
  // One line a start; the benchmark reads what the first one on this machine cost.
  const seconds = (performance.now() - begin) / 1000;
  appendFileSync(join(context.paths.logs, "starts.jsonl"), `${JSON.stringify({ at: new Date(), seconds })}\n`);
  await service.supervise();
}

await runCommand({ usage, interrupted }, async (context, args) => {
  requireKnown(args, ["--demo"], ["--context"]);
  const lock = startLock(context);
  requireNotStarted(context, lock);
  await withLock(lock, "npm start", async () => {
    try {
      await serve(context, args);
    } finally {
      await stopServiceAndDatabase(context);
    }
  });
  process.stderr.write(`${interrupted}\n`);
});
