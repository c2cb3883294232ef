import type { ToolchainContext } from "../../lib/context.ts";
import type { Finding } from "../../lib/finding.ts";
import { ToolchainProblem, toError } from "../../lib/problem.ts";
import { catalogue } from "../../tools/catalogue.ts";
import { missingPackages } from "../../tools/debian-packages.ts";
import { requireGo } from "../../tools/go-build.ts";
import { missingTools } from "../../tools/tools.ts";
import { pathsOf } from "./foreign.ts";
import { requireHttpPort, requireMachine, requireOwnPorts } from "./machine.ts";
import { isUp } from "./native.ts";
import { clusterTools, systemPrograms } from "./programs.ts";
import { readOwner } from "./record.ts";

const name = `a native single-node Kubernetes ${catalogue.kubernetes.version} with Cilium ${catalogue.cilium.version}`;

/** What a start would find: the cluster running, or what it would have to install and build, or what keeps it from starting. */
export async function inspectNative(context: ToolchainContext): Promise<Finding> {
  const paths = pathsOf((await readOwner()) ?? context.paths.home, context.paths);
  if (await isUp(paths)) return { need: "cluster", choice: `${name} (running)`, ready: true, missing: [] };
  const packages = await missingPackages(Object.values(systemPrograms));
  const tools = await missingTools(context, clusterTools);
  const missing = [
    ...packages.map((each) => `Debian package ${each}`),
    ...tools.map((each) => `${each} ${catalogue[each].version}`),
  ];
  const choice = `${name} (stopped)`;
  try {
    await requireMachine(context);
    await requireHttpPort(context);
    await requireOwnPorts();
    if (tools.length > 0) await requireGo();
  } catch (thrown) {
    const problem = toError(thrown);
    const remedy = problem instanceof ToolchainProblem ? { remedy: problem.remedy } : {};
    return { need: "cluster", choice, ready: false, missing: [problem.message, ...missing], ...remedy };
  }
  if (missing.length === 0) return { need: "cluster", choice, ready: true, missing };
  return { need: "cluster", choice, ready: true, missing, remedy: "npm start installs and builds what is missing." };
}
