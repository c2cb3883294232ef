import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBrowser } from "../browser.ts";
import { stopCluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { repositoryRoot } from "../lib/paths.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { daemonPid } from "../lib/processes.ts";
import { ensureClusterWithImages } from "../machine.ts";
import { ensureTool } from "../tools/tools.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const parts = ["check", "unit", "conformance", "cluster", "end-to-end"] as const;
type Part = (typeof parts)[number];

const usage = `
npm test [-- --only ${parts.join(",")}]

The whole gate: types, lint and import rules; unit tests; the pulumi in use against recordings of the real one; real
stores on a real cluster; a purchase in a real browser. Uses this machine's cluster, with names, a state folder and
stores of its own, and never touches yours. A native cluster that was not running before is stopped at the end.

  --only  run only these parts, separated by commas
`;

function chosenParts(args: readonly string[]): readonly Part[] {
  const names = option(args, "only")?.split(",") ?? parts;
  for (const name of names) {
    if (!parts.some((part) => part === name)) {
      throw new ToolchainProblem(`There is no part "${name}" of the tests.`, `Choose from: ${parts.join(", ")}.`);
    }
  }
  return parts.filter((part) => names.includes(part));
}

/** Runs a program in our terminal, those of the dependencies first. */
function runTool(context: ToolchainContext, command: string, args: readonly string[], env: Record<string, string>) {
  const binaries = join(repositoryRoot, "node_modules", ".bin");
  return new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: repositoryRoot,
      stdio: "inherit",
      env: { ...process.env, PATH: `${binaries}:${context.environment.PATH}`, ...env },
      signal: context.signal,
      killSignal: "SIGINT",
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new ToolchainProblem(`${command} ${args.join(" ")} failed.`, "Mend what it says above."));
    });
  });
}

function projects(chosen: readonly Part[], wanted: readonly Part[]): string[] {
  return wanted.filter((part) => chosen.includes(part)).flatMap((part) => ["--project", part]);
}

async function runReal(context: ToolchainContext, chosen: readonly Part[], helm: string): Promise<void> {
  const wasRunning = daemonPid(context.paths, "kubelet") !== undefined;
  const cluster = await ensureClusterWithImages(context);
  try {
    if (chosen.includes("end-to-end")) await ensureBrowser(context);
    const env = {
      STOREFLEET_HELM: helm,
      STOREFLEET_TEST_KUBECONFIG: cluster.kubeconfig,
    };
    await runTool(context, "vitest", ["run", ...projects(chosen, ["conformance", "cluster", "end-to-end"])], env);
  } finally {
    if (cluster.kind === "native" && !wasRunning) await stopCluster(context);
  }
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, [], ["--only"]);
  const chosen = chosenParts(args);
  if (chosen.includes("check")) await runTool(context, "npm", ["run", "check"], {});
  const helm = await ensureTool(context, "helm");
  if (chosen.includes("unit")) await runTool(context, "npm", ["run", "test:unit"], { STOREFLEET_HELM: helm });
  if (chosen.some((part) => part === "conformance" || part === "cluster" || part === "end-to-end")) {
    await runReal(context, chosen, helm);
  }
});
