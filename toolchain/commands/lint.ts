import { ensureCluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { ensureTool } from "../tools/tools.ts";
import { runCommand } from "./command.ts";
import { runTool } from "./tool.ts";
import { runVitest } from "./vitest.ts";

const usage = `
npm run lint:charts | lint:policies | lint:workflows

Each looks at one thing that is delivered, without the rest of npm test.

  lint:charts     helm lint --strict over the charts of all engines and plans, and what tests say of their objects
  lint:policies   the policy pack as Pulumi runs it, admission policies compiled and tried against their examples, the same by the
                  API server of this machine's cluster
  lint:workflows  actionlint over .github/workflows
`;

type Part = (context: ToolchainContext) => Promise<void>;

const parts: Readonly<Record<string, Part>> = {
  charts: async (context) => {
    const helm = await ensureTool(context, "helm");
    await runVitest(context, ["--project", "unit", "test/stores/charts"], { env: { STOREFLEET_HELM: helm } });
  },
  policies: async (context) => {
    await runVitest(context, ["--project", "unit", "test/infra/policy-pack", "test/infra/store-policies"]);
    const { kubeconfig } = await ensureCluster(context);
    const env = { STOREFLEET_TEST_KUBECONFIG: kubeconfig };
    await runVitest(context, ["--project", "proof", "test/infra/store-policies"], { env });
  },
  workflows: async (context) => runTool(context, await ensureTool(context, "actionlint"), ["-color"]),
};

await runCommand({ usage }, async (context, args) => {
  const part = parts[args[0] ?? ""];
  if (part === undefined || args.length > 1) {
    throw new ToolchainProblem("Nothing is named that could be looked at.", "Run one of the commands in --help.");
  }
  await part(context);
});
