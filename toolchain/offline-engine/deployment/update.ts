import type { EventStream, Summary } from "../events.ts";
import { programFolder, startProgram } from "../language-host.ts";
import { Monitor } from "../monitor.ts";
import { messageOf, refuse } from "../problem.ts";
import type { Project } from "../project.ts";
import { builtInProviders, ProviderRegistry } from "../providers/registry.ts";
import { createStackReferenceProvider, type ReadStack, readStackOutputs } from "../providers/stack-reference.ts";
import { listenOnLoopback } from "../rpc.ts";
import type { PlainConfigValue } from "../stack-config.ts";
import { isDefaultProvider } from "../urn.ts";
import { type Properties, Secret } from "../values.ts";
import { deletionRounds } from "./deletions.ts";
import { Diagnostics } from "./diagnostics.ts";
import { Executor } from "./executor.ts";
import { ProviderCalls } from "./provider-calls.ts";
import { Registrar } from "./registrar.ts";
import type { Resource, Snapshot } from "./resource.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import { makeStep, type Step } from "./step.ts";

/** Everything an update, a refresh or a destroy needs to know. */
export interface DeploymentInput {
  readonly project: Project;
  readonly stack: string;
  readonly organization: string;
  readonly previous: Snapshot;
  /** Complete and opened, by full key. */
  readonly config: Readonly<Record<string, PlainConfigValue>>;
  readonly preview: boolean;
  readonly parallel: number;
  readonly debug: boolean;
  readonly events: EventStream;
  /** Aborted at the person's first interrupt. */
  readonly signal: AbortSignal;
  readonly persist: (snapshot: Snapshot) => void;
  readonly readStack: ReadStack;
  readonly environment: NodeJS.ProcessEnv;
  readonly compileCache: string;
}

export interface DeploymentResult {
  readonly succeeded: boolean;
  readonly changes: Summary["resourceChanges"];
}

/** The parts all three kinds of deployment share. */
export interface Workshop {
  readonly registry: ProviderRegistry;
  readonly diagnostics: Diagnostics;
  readonly writer: SnapshotWriter | undefined;
  readonly calls: ProviderCalls;
  readonly executor: Executor;
}

export function makeWorkshop(input: DeploymentInput): Workshop {
  const { events, signal, preview, parallel } = input;
  const registry = new ProviderRegistry({
    ...builtInProviders,
    pulumi: async () => createStackReferenceProvider(input.readStack),
  });
  const diagnostics = new Diagnostics(events, input.debug);
  const writer = preview ? undefined : new SnapshotWriter(input.previous, input.persist);
  const calls = new ProviderCalls({ registry, diagnostics, signal, preview });
  const executor = new Executor({ events, diagnostics, calls, registry, writer, parallel, signal });
  return { registry, diagnostics, writer, calls, executor };
}

/** Begins and ends the event stream around `work`, and says when it failed. */
export async function deploy(
  input: DeploymentInput,
  workshop: Workshop,
  work: () => Promise<void>,
): Promise<DeploymentResult> {
  const { events, preview } = input;
  const { executor, writer } = workshop;
  const began = Date.now();
  events.emit({ preludeEvent: { config: shownConfig(input.config) } });
  await failing(executor, work);
  if (input.signal.aborted && !executor.stepFailed) executor.fail(`${preview ? "preview" : "update"} canceled`);
  await failing(executor, async () => writer?.save());
  const succeeded = !executor.failed;
  events.emit({
    summaryEvent: {
      maybeCorrupt: executor.maybeCorrupt,
      durationSeconds: Math.max(1, Math.round((Date.now() - began) / 1000)),
      resourceChanges: executor.changes,
      PolicyPacks: {},
      isPreview: preview,
      result: succeeded ? "succeeded" : "failed",
    },
  });
  await events.close();
  return { succeeded, changes: executor.changes };
}

/** Makes whatever goes wrong in `work` the deployment's failure. */
async function failing(executor: Executor, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    executor.fail(messageOf(error));
  }
}

/** Runs the program and makes the world as it says. */
export async function update(input: DeploymentInput): Promise<DeploymentResult> {
  const workshop = makeWorkshop(input);
  const { executor, diagnostics, registry, calls, writer } = workshop;
  const registrar = new Registrar({
    place: { stack: input.stack, project: input.project.name },
    previous: input.previous,
    registry,
    calls,
    executor,
    writer,
    providerConfig: (packageName) => providerConfig(input.config, packageName),
  });
  const monitor = new Monitor({
    registrar,
    executor,
    diagnostics,
    projectFolder: input.project.folder,
    invoke: (token, inputs) => invoke(token, inputs, input.readStack),
  });
  return deploy(input, workshop, async () => {
    warnOfPending(input, diagnostics);
    const ranWell = await runProgram(input, monitor, workshop);
    if (ranWell) await executor.deleteRounds(removals(registrar.unwanted(), registrar));
    finishStack(monitor, registrar, executor, ranWell);
    if (!ranWell || executor.failed) sayFailed(input, executor, diagnostics);
  });
}

async function runProgram(
  input: DeploymentInput,
  monitor: Monitor,
  { executor, diagnostics }: Workshop,
): Promise<boolean> {
  // The real CLI starts its providers there, wherever `pulumi` itself was started; ours are in this process.
  process.chdir(programFolder(input.project));
  const address = await listenOnLoopback(monitor.server);
  const program = startProgram({ ...input, address, diagnostics });
  const stop = () => program.stop();
  input.signal.addEventListener("abort", stop, { once: true });
  try {
    const problem = await program.ended;
    await monitor.settled();
    if (input.signal.aborted || executor.failed) return false;
    if (problem === undefined) return true;
    executor.failQuietly();
    if (problem !== "") executor.fail(problem);
    return false;
  } finally {
    input.signal.removeEventListener("abort", stop);
    program.stop();
    monitor.server.forceShutdown();
  }
}

/** New outputs count in full when all went well; after a failure they only add to the old ones. */
function finishStack(monitor: Monitor, registrar: Registrar, executor: Executor, ranWell: boolean): void {
  const { stackOutputs } = monitor;
  if (stackOutputs === undefined) return;
  const { step, outputs } = stackOutputs;
  const well = ranWell && !executor.failed;
  executor.registered(step, well ? outputs : { ...registrar.old(step.urn)?.outputs, ...outputs });
}

/** The steps that remove what the program did not ask for again, in rounds. */
function removals(unwanted: readonly Resource[], registrar: Registrar): Step[][] {
  return deletionRounds(unwanted).map((round) =>
    round.map((old) => {
      if (old.external) return makeStep({ op: "read-discard", old });
      if (old.pendingReplacement) return makeStep({ op: "discard-replaced", old, logical: false });
      const replaced = old.delete || registrar.registration(old.urn) !== undefined;
      return replaced ? makeStep({ op: "delete-replaced", old, logical: false }) : makeStep({ op: "delete", old });
    }),
  );
}

/** The last word on a failed deployment, unless the program itself was what failed and said so. */
export function sayFailed(input: DeploymentInput, executor: Executor, diagnostics: Diagnostics): void {
  if (!executor.stepFailed) return;
  diagnostics.log("error", `${input.preview ? "preview" : "update"} failed`);
}

async function invoke(token: string, inputs: Properties, readStack: ReadStack): Promise<Properties> {
  if (token === "pulumi:pulumi:readStackOutputs") return readStackOutputs({ name: inputs.name ?? null }, readStack);
  throw refuse(`The function ${token}`);
}

/** Configuration of a package is what its default provider is made with: `kubernetes:context` becomes `context`. */
function providerConfig(config: DeploymentInput["config"], packageName: string): Properties {
  const entries = Object.entries(config).filter(([key]) => key.startsWith(`${packageName}:`));
  return Object.fromEntries(
    entries.map(([key, { value, secret }]) => [key.slice(packageName.length + 1), secret ? new Secret(value) : value]),
  );
}

function shownConfig(config: DeploymentInput["config"]): Record<string, string> {
  const entries = Object.entries(config).map(([key, { value, secret }]): [string, string] => [
    key,
    secret ? "[secret]" : value,
  ]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What an earlier, killed update may have left half done. A refresh is what finds out, so it need not warn. */
export function warnOfPending(input: DeploymentInput, diagnostics: Diagnostics): void {
  const pending = input.previous.pendingOperations.filter(({ resource }) => !isDefaultProvider(resource.urn));
  if (pending.length === 0 || input.preview) return;
  const list = pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`).join("");
  diagnostics.log(
    "warning",
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n` +
      `${list}These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for changes ` +
      "to these resources to complete. You should confirm whether or not the operations listed completed successfully " +
      "by checking the state of the appropriate provider. For example, if you are using AWS, you can confirm using the " +
      "AWS Console.\n\nOnce you have confirmed the status of the interrupted operations, you can repair your stack using " +
      "`pulumi refresh` which will refresh the state from the provider you are using and clear the pending operations if " +
      "there are any.\n\nNote that `pulumi refresh` will need to be run interactively to clear pending CREATE operations.",
  );
}
