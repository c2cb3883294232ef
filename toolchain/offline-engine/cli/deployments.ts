import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Backend, ORGANIZATION } from "../backend/backend.ts";
import { deploymentFromJson, sealOf } from "../backend/checkpoint.ts";
import { destroy } from "../deployment/destroy.ts";
import { refresh } from "../deployment/refresh.ts";
import { type DeploymentInput, type DeploymentResult, update } from "../deployment/update.ts";
import { openDisplay } from "../display/open.ts";
import { openEventLog } from "../event-log.ts";
import { EventStream } from "../events.ts";
import { EngineProblem, refuse } from "../problem.ts";
import { openSecrets } from "../secrets.ts";
import { historyConfig } from "../stack-config.ts";
import { STACK_TYPE } from "../urn.ts";
import type { Properties } from "../values.ts";
import { BANNER } from "../version.ts";
import type { Arguments } from "./arguments.ts";
import { askToGoOn, requireTerminal } from "./confirmation.ts";
import type { Kind } from "./deployment-flags.ts";
import { updateEnvironment } from "./environment.ts";
import { watchInterrupts } from "./interrupts.ts";
import { openSession, type StackSession } from "./session.ts";
import type { Workspace } from "./workspace.ts";

const REFUSED = ["run-program", "continue-on-error", "config", "exclude-protected"];

/** Exit code when something would change and `--expect-no-changes` was given. */
const UNEXPECTED_CHANGES = 7;

/** Four calls for every processor, as the real CLI does. */
const DEFAULT_PARALLEL = availableParallelism() * 4;

export async function runDeployment(kind: Kind, workspace: Workspace, given: Arguments): Promise<void> {
  for (const flag of REFUSED) if (given.has(flag)) throw refuse(`The flag --${flag}`);
  const previewOnly = kind === "preview" || given.has("preview-only");
  if (previewOnly && given.has("refresh")) throw refuse("A preview with the flag --refresh");
  if (!previewOnly && !given.has("yes") && !given.has("skip-preview")) requireTerminal(kind, workspace);
  const open = () => openSession(workspace, given, { needsConfig: kind !== "destroy" && kind !== "refresh" });
  let session = await open();
  if (!given.has("json") && process.stderr.isTTY === true) process.stderr.write(`${BANNER}\n`);
  const lock = previewOnly ? undefined : session.backend.lock(session.name);
  try {
    if (given.has("refresh") && kind !== "refresh") {
      await run("refresh", workspace, given, session, false);
      session = await open();
    }
    if (previewOnly || !given.has("skip-preview")) await run(kind, workspace, given, session, true);
    if (previewOnly) return;
    if (!given.has("yes") && !given.has("skip-preview")) {
      await askToGoOn(kind, () => run(kind, workspace, withDiff(given), session, true));
    }
    await run(kind, workspace, given, session, false);
  } finally {
    lock?.release();
  }
  if (kind === "destroy" && !given.has("json")) {
    process.stdout.write(
      "The resources in the stack have been deleted, but the history and configuration associated with the stack are " +
        `still maintained. \nIf you want to remove the stack completely, run \`pulumi stack rm ${session.name.stack}\`.\n`,
    );
  }
}

/** The same command with `--diff`, for somebody who asked for details. */
function withDiff(given: Arguments): Arguments {
  return { ...given, has: (flag) => flag === "diff" || given.has(flag) };
}

async function run(
  kind: Kind,
  workspace: Workspace,
  given: Arguments,
  session: StackSession,
  preview: boolean,
): Promise<void> {
  const display = openDisplay({ kind, preview, name: session.name, given, interactive: workspace.interactive });
  const log = given.value("event-log");
  const writesLog = log !== undefined && (!preview || kind === "preview" || given.has("preview-only"));
  const events = new EventStream([display, ...(writesLog ? [openEventLog(log)] : [])]);
  const interrupts = watchInterrupts(
    () => events.emit({ stdoutEvent: { message: INTERRUPTED, color: "never" } }),
    () => process.stderr.write("^C received; terminating\n"),
  );
  const startTime = Math.floor(Date.now() / 1000);
  const input = deploymentInput(workspace, given, session, { preview, events, signal: interrupts.signal });
  const result = await deployed(kind, input, given).finally(() => interrupts.stop());
  if (!preview)
    session.backend.addHistory(session.name, historyEntry(kind, workspace, given, session, result, startTime));
  conclude(result, given, preview);
}

const INTERRUPTED =
  "^C received; cancelling. If you would like to terminate immediately, press ^C again.\n" +
  "Note that terminating immediately may lead to orphaned resources and other inconsistencies.\n";

function deployed(kind: Kind, input: DeploymentInput, given: Arguments): Promise<DeploymentResult> {
  if (kind === "destroy") return destroy(input);
  if (kind === "refresh") return refresh(input, { clearPendingCreates: given.has("clear-pending-creates") });
  return update(input);
}

function deploymentInput(
  workspace: Workspace,
  given: Arguments,
  session: StackSession,
  part: Pick<DeploymentInput, "preview" | "events" | "signal">,
): DeploymentInput {
  const { project, name, backend, crypter, previous, config } = session;
  const parallel = Number(given.value("parallel") ?? workspace.environment.PULUMI_PARALLEL ?? DEFAULT_PARALLEL);
  return {
    ...part,
    project,
    stack: name.stack,
    organization: ORGANIZATION,
    // A run marks what it replaces, and a preview must leave no marks for the update after it.
    previous: { ...previous, seal: crypter.seal, resources: previous.resources.map((resource) => ({ ...resource })) },
    config,
    parallel: Number.isInteger(parallel) && parallel > 0 ? parallel : DEFAULT_PARALLEL,
    debug: given.has("debug"),
    persist: (snapshot) => backend.write(name, snapshot, crypter),
    readStack: (text) => readOutputs(backend, workspace, text),
    environment: workspace.environment,
    compileCache: workspace.environment.NODE_COMPILE_CACHE ?? join(workspace.home, "node-compile-cache"),
  };
}

/** Outputs of another stack, for a StackReference. */
async function readOutputs(backend: Backend, workspace: Workspace, text: string): Promise<Properties | undefined> {
  const name = workspace.stackName(text);
  if (!backend.exists(name)) return undefined;
  const deployment = backend.read(name);
  const seal = sealOf(deployment);
  const crypter = seal === undefined ? undefined : await openSecrets(seal, workspace.environment);
  const { resources } = deploymentFromJson(deployment, crypter);
  return resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
}

function historyEntry(
  kind: Kind,
  workspace: Workspace,
  given: Arguments,
  session: StackSession,
  result: DeploymentResult,
  startTime: number,
) {
  return {
    kind: kind === "preview" ? "update" : kind,
    startTime,
    message: given.value("message") ?? "",
    environment: updateEnvironment(workspace, given),
    config: historyConfig(session.values),
    version: 0,
    result: result.succeeded ? "succeeded" : "failed",
    endTime: Math.floor(Date.now() / 1000),
    ...(Object.keys(result.changes).length === 0 ? {} : { resourceChanges: { ...result.changes } }),
  };
}

function conclude({ succeeded, changes }: DeploymentResult, given: Arguments, preview: boolean): void {
  // The display has said why.
  if (!succeeded) throw new EngineProblem("", 1);
  const changed = Object.entries(changes).some(([op, count]) => op !== "same" && count > 0);
  if (!given.has("expect-no-changes") || !changed) return;
  throw new EngineProblem(
    `no changes were expected but changes ${preview ? "were proposed" : "occurred"}`,
    UNEXPECTED_CHANGES,
  );
}
