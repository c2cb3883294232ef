import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { bringUpStore, type SellableStore } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import type { StackEvent, StackRunner } from "../../automation-api/stack-runner.ts";
import { credentialsSchema } from "../../stores/outputs.ts";
import { parseSpec, type Spec } from "../../stores/spec.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { withLock } from "../lib/lock.ts";
import { ensureClusterWithImages } from "../machine.ts";
import { describePulumi, ensurePulumi, type Pulumi } from "../pulumi.ts";
import { createStoreRunner, storeProgram, targetOf } from "../stores.ts";
import { ensureTool } from "../tools/tools.ts";
import { option, requireKnown, runCommand } from "./command.ts";

const usage = `
npm start [-- --context NAME]

Makes sure of Pulumi, a Kubernetes cluster and images, brings up one store named "demo", proves that it sells, and
prints its addresses, its credentials and the pulumi commands that show its stack. Safe to repeat and to interrupt.

  --context NAME  use this context of your kubeconfig instead of a cluster of ours
`;

const interrupted = "Stopped. Stores that run go on running; npm start continues where this stopped.";

/** A short phrase for a progress line. */
function phrase(event: StackEvent): string | undefined {
  if (event.kind === "message") return event.text.split("\n")[0];
  return event.phase === "started" && event.action !== "same" ? `${event.action} ${event.name}` : undefined;
}

function bringUp(context: ToolchainContext, runner: StackRunner, spec: Spec, cluster: Cluster): Promise<SellableStore> {
  return context.reporter.step(`Bring up the store "${spec.name}"`, 30, async (step) =>
    bringUpStore({ runner, request: loopbackFetch }, spec, targetOf(cluster, context.environment.STOREFLEET_REGISTRY), {
      signal: context.signal,
      onEvent: (event) => {
        const text = phrase(event);
        if (text !== undefined) step.say(text);
      },
      onProof: () => step.say("buying a sample product"),
    }),
  );
}

/** `name='value'` lines that a shell takes as they are. */
function exports(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
    .join("\n    ");
}

async function report(store: SellableStore, runner: StackRunner, spec: Spec, pulumi: Pulumi, cluster: Cluster) {
  const credentials = credentialsSchema.parse(await runner.readSecretOutput(spec.name, "credentials"));
  const command = pulumi.root === undefined ? "pulumi" : join(pulumi.root, "bin", "pulumi");
  const { PULUMI_CONFIG_PASSPHRASE: _passphrase, ...shown } = pulumi.environment;
  const sold =
    store.proof === undefined ? "" : ` It sells: a test order (${store.proof.order}) went through and was taken back.`;
  process.stdout.write(`
${pc.bold(pc.green(`The store "${spec.name}" is ready.`))}${sold}

  Storefront  ${pc.cyan(store.outputs.url)}
  Admin       ${pc.cyan(store.outputs.adminUrl)}
  User        ${credentials.adminUser}
  Password    ${credentials.adminPassword}
${store.outputs.access === undefined ? "" : `\n${store.outputs.access}\n`}
Its stack, seen with ${describePulumi(pulumi)}:

    cd ${storeProgram}
    ${exports({ ...shown, KUBECONFIG: cluster.kubeconfig })}
    ${command} stack --stack ${spec.name}
    ${command} stack output --stack ${spec.name} --show-secrets
    ${command} destroy --stack ${spec.name}      # removes the store and everything in it

npm run stop stops the cluster and keeps the store; npm run reset removes everything.
`);
}

await runCommand({ usage, interrupted }, async (context, args) => {
  requireKnown(args, [], ["--context"]);
  const begin = performance.now();
  await withLock(join(context.paths.run, "start.lock"), "npm start", async () => {
    const pulumi = await ensurePulumi(context);
    context.reporter.info(`${pc.green("✓")} Pulumi: ${describePulumi(pulumi)}`);
    // Before the cluster: what a build of it downloads is removed when the cluster's own programs are built.
    const helm = await ensureTool(context, "helm");
    const wish = option(args, "context");
    const cluster = await ensureClusterWithImages(context, wish === undefined ? {} : { context: wish });
    const runner = await createStoreRunner(pulumi, cluster, helm, context.paths.work);
    const spec = parseSpec({ name: "demo", engine: "medusa", displayName: "Demo Store" });
    const store = await bringUp(context, runner, spec, cluster);
    await report(store, runner, spec, pulumi, cluster);
    // One line a start; the benchmark reads what the first one on this machine cost.
    const seconds = (performance.now() - begin) / 1000;
    appendFileSync(join(context.paths.logs, "starts.jsonl"), `${JSON.stringify({ at: new Date(), seconds })}\n`);
  });
});
