import { availableParallelism } from "node:os";
import { ensureBrowser } from "../browser.ts";
import { type Cluster, stopCluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem, toError } from "../lib/problem.ts";
import { daemonPid } from "../lib/processes.ts";
import { ensureClusterWithImages } from "../machine.ts";
import { ensureTool } from "../tools/tools.ts";
import { option, requireKnown, runCommand } from "./command.ts";
import { longArguments, longDefinitions, longParts } from "./long-tests.ts";
import { lanes } from "./test-lanes.ts";
import { runTool } from "./tool.ts";
import { runVitest } from "./vitest.ts";

const parts = ["check", "unit", "conformance", "cluster", "end-to-end"] as const;
type Part = (typeof parts)[number] | (typeof longParts)[number];

const usage = `
npm test [-- --only ${parts.join(",")}]

The whole gate: types, lint and import rules; unit tests; the pulumi in use against recordings of the real one; real
stores on a real cluster; a purchase in a real browser. Uses this machine's cluster, with names, a state folder and
stores of its own, and never touches yours. A native cluster that was not running before is stopped at the end.

  --only     run only these parts, separated by commas. The long proofs run only when they are named:
             kill    200 creations and 200 deletions whose processes are killed, 1,000 requests while the API is, a
                     database and a cluster that are away for a minute
             canary  passwords of stores that fail, are killed and deleted are looked for everywhere
             fuzz    100,000 made-up requests by schemathesis, which needs Python
             soak    stores come and go for an hour
             model   10,000 sequences of actions agree with a model
             platform  the control plane in the cluster, with a store made through it
             woocommerce  set-ups that are killed, new secrets, and an upgrade from older zips (WORDPRESS_ZIP_BEFORE,
                     WOOCOMMERCE_ZIP_BEFORE)
  --file      only those files of a long proof whose name holds this, such as kill-matrix or cluster-away of "kill"
  --stores    how many "kill" creates and deletes. Default 200
  --minutes   how long "soak" takes. Default 60
  --requests  how many "fuzz" sends. Default 100000
`;

function chosenParts(args: readonly string[]): readonly Part[] {
  const names: readonly string[] = option(args, "only")?.split(",") ?? parts;
  const known = [...parts, ...longParts];
  for (const name of names) {
    if (!known.some((part) => part === name)) {
      throw new ToolchainProblem(`There is no part "${name}" of the tests.`, `Choose from: ${known.join(", ")}.`);
    }
  }
  return known.filter((part) => names.some((name) => name === part));
}

/**
 * What `npm run test:unit` and `npm run test:database` run. One more than there are cores: tests of leases and limits wait, and
 * their core would be idle meanwhile.
 */
const quickTests = [
  `--maxWorkers=${availableParallelism() + 1}`,
  "--project",
  "unit",
  "--project",
  "web",
  "--project",
  "database",
];

/** Runs the lanes to their ends; that one fails does not keep another from telling what it found. */
async function runLanes(context: ToolchainContext, chosen: readonly Part[], env: Readonly<Record<string, string>>) {
  const wanted = lanes
    .map((lane) => lane.filter(({ part }) => chosen.includes(part)))
    .filter((lane) => lane.length > 0);
  const results = await Promise.allSettled(
    wanted.map((lane, index) => {
      const projects = lane.flatMap(({ part }) => ["--project", part]);
      const folders = lane.flatMap((stretch) => stretch.folders);
      return runVitest(context, [...projects, ...folders], { env, isHeld: index > 0 });
    }),
  );
  const failed = results.flatMap((result) => (result.status === "rejected" ? [toError(result.reason)] : []));
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) {
    throw new ToolchainProblem(failed.map(({ message }) => message).join("\n"), "Mend what each of them says above.");
  }
}

/** Types, lint and import rules at the same time: each of them uses one core. */
async function runChecks(context: ToolchainContext): Promise<void> {
  const checks = ["check:types", "check:lint", "check:imports"];
  await Promise.all(checks.map((check) => runTool(context, "npm", ["run", "--silent", check], { isHeld: true })));
}

/** What tests of the real thing run on. */
async function prepare(context: ToolchainContext, chosen: readonly Part[]): Promise<Cluster> {
  const cluster = await ensureClusterWithImages(context);
  if (chosen.includes("end-to-end")) await ensureBrowser(context);
  return cluster;
}

async function runReal(
  context: ToolchainContext,
  chosen: readonly Part[],
  env: Readonly<Record<string, string>>,
  file: string | undefined,
): Promise<void> {
  await runLanes(context, chosen, env);
  for (const part of longParts) {
    if (!chosen.includes(part)) continue;
    await runVitest(context, longArguments(part, file), { env: { ...longDefinitions[part].env, ...env } });
  }
}

/** What needs no cluster. */
const light: ReadonlySet<Part> = new Set<Part>(["check", "unit", "fuzz", "model"]);

interface Wish {
  /** Variables that say how large the long proofs are. */
  readonly sizes: Readonly<Record<string, string>>;
  /** What the name of a long proof's file has to hold. Default: all of them run. */
  readonly file: string | undefined;
}

/** Checks while the cluster and its images are made ready, which is mostly waiting; a check that fails ends that, too. */
async function runChosen(context: ToolchainContext, chosen: readonly Part[], { sizes, file }: Wish): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const isReal = chosen.some((part) => !light.has(part));
  const wasRunning = daemonPid(context.paths, "kubelet") !== undefined;
  const preparing = isReal ? prepare({ ...context, signal }, chosen) : undefined;
  try {
    const checking = chosen.includes("check") ? runChecks(context) : undefined;
    await Promise.all([preparing, checking]);
    const helm = await ensureTool(context, "helm");
    if (chosen.includes("unit")) await runVitest(context, quickTests, { env: { STOREFLEET_HELM: helm } });
    const cluster = await preparing;
    const env = {
      ...sizes,
      STOREFLEET_HELM: helm,
      ...(cluster !== undefined && { STOREFLEET_TEST_KUBECONFIG: cluster.kubeconfig }),
    };
    await runReal(context, chosen, env, file);
  } finally {
    failed.abort();
    await preparing?.catch(() => {});
    if (isReal && !wasRunning && daemonPid(context.paths, "kubelet") !== undefined) await stopCluster(context);
  }
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, [], ["--only", "--file", "--stores", "--minutes", "--requests"]);
  const chosen = chosenParts(args);
  const file = option(args, "file");
  // Said at once, not when the cluster is ready.
  for (const part of longParts) if (chosen.includes(part)) longArguments(part, file);
  const stores = option(args, "stores");
  const sizes = {
    STOREFLEET_TEST_SOAK_MINUTES: option(args, "minutes") ?? "60",
    STOREFLEET_TEST_REQUESTS: option(args, "requests") ?? "100000",
    ...(stores !== undefined && { STOREFLEET_TEST_KILLED_STORES: stores }),
  };
  await runChosen(context, chosen, { sizes, file });
});
