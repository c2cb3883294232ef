import { PartialFailure, type Provider } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { identity, objectAt, textAt } from "../kubernetes/objects.ts";
import type { Settings } from "../kubernetes/settings.ts";
import { awaitRelease } from "./await-release.ts";
import { isPlainFolder } from "./chart.ts";
import { installArguments, timeoutSeconds, upgradeArguments } from "./helm-arguments.ts";
import type { Helm } from "./helm-command.ts";
import { Hopeless } from "./patience.ts";
import { releaseOutputs } from "./release-outputs.ts";
import { isPending, latestRecord, markFailed, type ReleaseRecord } from "./release-record.ts";

type DeployCall = Parameters<Provider["create"]>[0] | Parameters<Provider["update"]>[0];

interface Tools {
  readonly helm: Helm;
  readonly client: KubernetesClient;
  readonly settings: Settings;
}

/**
 * Installs or upgrades a release and waits until its objects are ready. Throws {@link PartialFailure} when a revision was
 * made but is not well.
 *
 * Helm itself does not wait wherever that makes no other difference (see {@link waitsByHelm}): we follow the objects
 * instead and record the revision as failed when they do not become ready. A kill meanwhile leaves a revision that says
 * `deployed` rather than one stuck in `pending-`, so the same command simply goes on.
 */
export async function deployRelease(
  action: "install" | "upgrade",
  call: DeployCall,
  inputs: Properties,
  tools: Tools,
): Promise<{ id: string; outputs: Properties }> {
  const { client } = tools;
  const namespace = textAt(inputs, "namespace") ?? "";
  const name = textAt(inputs, "name") ?? "";
  const before = await latestRecord(client, namespace, name);
  try {
    const record = await deploy(action, call, inputs, before, tools);
    return { id: identity(namespace, name), outputs: releaseOutputs(inputs, inputs, record) };
  } catch (error) {
    const made = await latestRecord(client, namespace, name);
    if (!(error instanceof Error) || made === undefined || made.revision === before?.revision) throw error;
    if (made.status !== "failed") await markFailed(client, made, `Release "${name}" failed: ${error.message}`);
    throw failure(action, call, inputs, { ...made, status: "failed" }, error);
  }
}

async function deploy(
  action: "install" | "upgrade",
  call: DeployCall,
  inputs: Properties,
  before: ReleaseRecord | undefined,
  { helm, client, settings }: Tools,
): Promise<ReleaseRecord> {
  const cutOff = before !== undefined && isPending(before);
  if (cutOff && settings.unlockHelm) {
    call.log("warning", `The last operation on the Helm release "${before.name}" was cut off; going on from there.`);
    await markFailed(client, before, "The program working on this revision was killed.");
  }
  const goesOn = before !== undefined && (settings.unlockHelm || (settings.upsertExistingObjects && !cutOff));
  const byHelm = waitsByHelm(inputs);
  // Helm does not install over what a killed run left behind, but it does upgrade that.
  const installs = action === "install" && !goesOn;
  const args = installs ? installArguments(inputs, byHelm) : upgradeArguments(inputs, byHelm);
  await helm.run(args, { values: objectAt(inputs, "values") ?? {}, signal: call.signal });
  const record = await latestRecord(client, textAt(inputs, "namespace") ?? "", textAt(inputs, "name") ?? "");
  if (record === undefined) throw new Error("Helm reports success, but there is no record of the release.");
  if (!byHelm && inputs.skipAwait !== true) {
    const waitForJobs = inputs.waitForJobs === true;
    await awaitRelease(call, client, record, { timeoutSeconds: timeoutSeconds(inputs), waitForJobs });
  }
  return record;
}

/** Options with which helm does something after waiting, so that the waiting has to be its own. */
const NEEDS_HELM: readonly string[] = ["atomic", "cleanupOnFail", "recreatePods"];

/** Whether helm waits for readiness itself: when something comes after it, and for charts we cannot look into. */
export function waitsByHelm(inputs: Properties): boolean {
  if (inputs.atomic !== true && inputs.skipAwait === true) return false;
  return NEEDS_HELM.some((option) => inputs[option] === true) || !isPlainFolder(textAt(inputs, "chart") ?? "");
}

/** The real provider's words for every failure of a revision that was made. */
const IN_TIME = "failed to become available within allocated timeout";

/** The revision exists but is not well: the state keeps it, and the next update is an upgrade. */
function failure(
  action: "install" | "upgrade",
  call: DeployCall,
  inputs: Properties,
  record: ReleaseRecord,
  cause: Error,
): PartialFailure {
  const id = identity(record.namespace, record.name);
  if (action === "install") {
    call.log(
      "warning",
      `Helm release "${record.name}" was created but has a failed status. Use the \`helm\` command to investigate the ` +
        `error, correct it, then retry. Reason: ${cause.message}`,
    );
  }
  const what = action === "install" ? "was created, but failed" : "failed";
  const why = cause instanceof Hopeless ? "it will not become available" : IN_TIME;
  const message =
    `Helm release "${id}" ${what} to initialize completely. Use Helm CLI to investigate: ${why}. ` +
    `Error: Helm Release ${id}: ${cause.message}`;
  return new PartialFailure({ id, outputs: releaseOutputs(inputs, inputs, record), message });
}
