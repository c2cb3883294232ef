import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureCluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { ensurePulumi, runPulumi } from "../pulumi.ts";
import { pulumiEnvironmentFor } from "../stores.ts";
import { ensureTool } from "../tools/tools.ts";
import { freeFromDeadRun } from "./dead-run.ts";
import { type InstalledPlatform, kubectlIn } from "./installed-platform.ts";

/** Folder in which Pulumi works on the platform's stacks. */
export function platformFolder({ paths }: ToolchainContext): string {
  return join(paths.work, ".platform");
}

export interface PlatformWish {
  /** The platform's stack. */
  readonly stack: string;
  /** Context of the user's kubeconfig; `undefined`: the cluster of this machine. */
  readonly context: string | undefined;
}

/** The platform that `npm run platform` installed last, as that configured it. */
export async function openPlatform(context: ToolchainContext, wish: PlatformWish): Promise<InstalledPlatform> {
  const folder = platformFolder(context);
  const configFile = join(folder, `Pulumi.${wish.stack}.yaml`);
  if (!existsSync(configFile)) {
    throw new ToolchainProblem(`There is no platform "${wish.stack}".`, "Install it first with npm run platform.");
  }
  const pulumi = await ensurePulumi(context);
  const cluster = await ensureCluster(context, wish.context === undefined ? {} : { context: wish.context });
  const [helm, kubectl] = [await ensureTool(context, "helm"), await ensureTool(context, "kubectl")];
  const env = pulumiEnvironmentFor(pulumi, cluster, helm);
  const run = async (words: readonly string[], input?: string): Promise<string> => {
    if (words[0] === "up") await freeFromDeadRun(pulumi, wish.stack, run);
    const options = { cwd: folder, env, signal: context.signal, ...(input !== undefined && { input }) };
    return (await runPulumi(pulumi, [...words, "--stack", wish.stack, "--non-interactive"], options)).stdout;
  };
  const namespace = (await run(["stack", "output", "namespace"])).trim();
  const flags = ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context];
  return { namespace, configFile, pulumi: run, kubectl: kubectlIn(namespace, [kubectl, ...flags]) };
}
