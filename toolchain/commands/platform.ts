import { imageReference } from "../../stores/images.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { judgeNetworkPolicies, probeNetworkPolicies, type RunKubectl } from "../cluster/network-probe.ts";
import { platformImageReference } from "../images/platform-files.ts";
import { ensurePlatformImages } from "../images/platform-images.ts";
import { verifyImages } from "../images/signatures.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { CommandError, run as runCommandLine } from "../lib/exec.ts";
import { ensureClusterWithImages } from "../machine.ts";
import { freeFromDeadRun } from "../platform/dead-run.ts";
import { platformFolder } from "../platform/open-platform.ts";
import { preparePlatformFolder } from "../platform-stack.ts";
import { ensurePulumi, type Pulumi, runPulumi } from "../pulumi.ts";
import { pulumiEnvironmentFor } from "../stores.ts";
import { ensureTool } from "../tools/tools.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm run platform [-- --stack NAME] [-- --down] [-- --context NAME]

Puts the platform, the control plane included, into the cluster by pulumi up at the root of the repository. Makes sure of
a cluster and of images first, and looks whether the cluster's NetworkPolicies bite: where they do nothing it says so, or with
STOREFLEET_NETWORK_POLICIES=require ends. With STOREFLEET_IMAGES_SIGNED_BY=OWNER/NAME, images that no release of that repository
has signed are refused (needs cosign). Safe to repeat.

  --stack NAME    the stack, and with it Pulumi.NAME.yaml. Default: local
  --down          take the platform out of the cluster again; stores stay, and their state is lost with its volume
  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

/** Runs a Pulumi command on the platform's stack. */
type PulumiCommand = (...words: readonly string[]) => Promise<{ stdout: string }>;

function commandFor(context: ToolchainContext, pulumi: Pulumi, cluster: Cluster, helm: string): PulumiCommand {
  const env = pulumiEnvironmentFor(pulumi, cluster, helm);
  const options = { cwd: platformFolder(context), env, signal: context.signal };
  return (...words) => runPulumi(pulumi, [...words, "--non-interactive"], options);
}

/** What this machine decides: images by the tags of this checkout, and where its cluster lets people in. */
function settingsOf(context: ToolchainContext, cluster: Cluster): Record<string, string> {
  const registry = context.environment.STOREFLEET_REGISTRY;
  return {
    apiImage: platformImageReference("api", registry),
    workerImage: platformImageReference("worker", registry),
    databaseImage: imageReference("postgres", registry),
    ...(registry !== undefined && { storeImageRegistry: registry }),
    ...(cluster.ingress !== undefined && {
      ingressClass: cluster.ingress.className,
      ingressNamespace: cluster.ingress.namespace,
      ingressPort: String(cluster.ingress.port),
    }),
  };
}

async function up(context: ToolchainContext, stack: string, cluster: Cluster, run: PulumiCommand): Promise<void> {
  await ensurePlatformImages(context, cluster);
  await lookAtNetwork(context, cluster);
  if (!(await exists(run, stack))) await run("stack", "init", stack);
  await context.reporter.step("Bring up the platform", 90, async () => {
    await run("up", "--yes", "--skip-preview", "--stack", stack);
  });
  const { stdout } = await run("stack", "output", "--json", "--stack", stack);
  const outputs: { url: string; signIn: string } = JSON.parse(stdout);
  process.stdout.write(`\nThe platform is up: ${outputs.url}\nSign in with the link that this prints:\n`);
  process.stdout.write(`  KUBECONFIG=${cluster.kubeconfig} ${outputs.signIn}\n`);
}

/** Stores are kept apart by policies that a cluster's network may ignore. Throws a problem where that is not accepted. */
async function lookAtNetwork(context: ToolchainContext, { kubeconfig, context: name }: Cluster): Promise<void> {
  const file = await ensureTool(context, "kubectl");
  const kubectl: RunKubectl = async (args, object) => {
    const input = object === undefined ? {} : { input: JSON.stringify(object) };
    const options = { ...input, signal: context.signal, timeoutSeconds: 180 };
    return (await runCommandLine(file, ["--kubeconfig", kubeconfig, "--context", name, ...args], options)).stdout;
  };
  const image = imageReference("redis", context.environment.STOREFLEET_REGISTRY);
  await context.reporter.step("Look whether NetworkPolicies bite", 15, async () => {
    const answer = await probeNetworkPolicies(kubectl, image);
    const remark = judgeNetworkPolicies(answer, context.environment.STOREFLEET_NETWORK_POLICIES);
    if (remark !== undefined) context.reporter.info(remark);
  });
}

async function exists(run: PulumiCommand, stack: string): Promise<boolean> {
  try {
    await run("stack", "select", "--stack", stack);
    return true;
  } catch (error) {
    if (error instanceof CommandError && /no stack named/.test(error.stderr)) return false;
    throw error;
  }
}

await runCommand({ usage }, async (context, args) => {
  requireKnown(args, ["--down"], ["--context", "--stack"]);
  const stack = option(args, "stack") ?? "local";
  if (!args.includes("--down")) await verifyImages(context);
  const pulumi = await ensurePulumi(context);
  const helm = await ensureTool(context, "helm");
  const wish = option(args, "context");
  const cluster = await ensureClusterWithImages(context, wish === undefined ? {} : { context: wish });
  preparePlatformFolder(platformFolder(context), stack, settingsOf(context, cluster));
  const run = commandFor(context, pulumi, cluster, helm);
  await freeFromDeadRun(pulumi, stack, (words) => run(...words, "--stack", stack));
  if (!args.includes("--down")) return up(context, stack, cluster, run);
  await context.reporter.step("Take the platform down", 60, async () => {
    await run("destroy", "--yes", "--skip-preview", "--stack", stack);
  });
});
