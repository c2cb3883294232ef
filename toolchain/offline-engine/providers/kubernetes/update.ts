import { PartialFailure, type Provider } from "../../provider.ts";
import { holdsUnknown, type Properties } from "../../values.ts";
import { ClusterUnreachable, isApplyConflict, isForbidden, UnknownKind } from "./api-error.ts";
import { awaitReady, NotReady } from "./await-ready.ts";
import { checkpoint, fieldManagerOf, initialApiVersion, parseCheckpoint } from "./checkpoint.ts";
import { type KubernetesClient, type Query, type Reference, referenceTo } from "./client.ts";
import { applyConflict } from "./conflict.ts";
import { toServer } from "./crd-keys.ts";
import { forcesPatch, takeOverFields } from "./field-managers.ts";
import { isCustomResourceDefinition, kindOf } from "./kinds.ts";
import { normalized } from "./normalize.ts";
import { identityOf, parseIdentity, valueAt, withValueAt } from "./objects.ts";
import type { Settings } from "./settings.ts";

type UpdateCall = Parameters<Provider["update"]>[0];

/** Changes an object in place by server-side apply and waits until it is ready again. */
export async function updateObject(
  call: UpdateCall,
  client: KubernetesClient,
  settings: Settings,
): Promise<{ outputs: Properties }> {
  const inputs = normalized(call.newInputs);
  if (call.preview && (holdsUnknown(inputs) || !(await client.knows(kindOf(inputs))))) {
    return { outputs: call.newInputs };
  }
  const { live: lastSeen } = parseCheckpoint(call.oldOutputs);
  const reference = { ...kindOf(inputs), ...parseIdentity(call.id || identityOf(lastSeen)) };
  const fieldManager = fieldManagerOf(call.urn, call.oldOutputs, inputs);
  const outputs = (live: Properties) =>
    checkpoint({ inputs, live, initialApiVersion: initialApiVersion(call.oldOutputs, inputs), fieldManager });
  try {
    const written = await apply(client, reference, inputs, fieldManager, settings, call.preview);
    if (call.preview) return { outputs: outputs(written) };
    const live = await awaitReady(call, client, inputs, written);
    call.log("info", "", true);
    return { outputs: outputs(live) };
  } catch (error) {
    if (call.preview && isForbidden(error)) return { outputs: call.newInputs };
    throw await notUpdated(call, client, reference, outputs, error);
  }
}

async function apply(
  client: KubernetesClient,
  reference: Reference,
  inputs: Properties,
  fieldManager: string,
  settings: Settings,
  preview: boolean,
): Promise<Properties> {
  const live = await client.get(reference);
  const dryRun: Query = { dryRun: preview ? "All" : undefined };
  const object = toServer(inputs);
  if (isCustomResourceDefinition(inputs)) {
    // A definition is replaced as a whole: its schema has lists that apply would merge into nonsense.
    const version = valueAt(live, "metadata", "resourceVersion") ?? "";
    const replaced = withValueAt(object, ["metadata", "resourceVersion"], version);
    return client.replace(replaced, { ...dryRun, fieldManager });
  }
  if (!preview) await takeOverFields(client, reference, live, fieldManager);
  const force = String(forcesPatch(inputs, live, settings, preview));
  return client.patch(referenceTo(object), "apply", object, { ...dryRun, fieldManager, force });
}

/** The object is still there, changed or not: the state keeps it as it is now, and the step fails. */
async function notUpdated(
  call: UpdateCall,
  client: KubernetesClient,
  reference: Reference,
  outputs: (live: Properties) => Properties,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof ClusterUnreachable || call.preview) return error;
  if (error instanceof UnknownKind) {
    return new Error(
      `update of resource "${call.urn}" failed because the Kubernetes API server reported that the apiVersion for ` +
        `this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
      { cause: error },
    );
  }
  const why = isApplyConflict(error) ? applyConflict(error) : error.message;
  const live = await client.find(reference);
  if (live === undefined) {
    return new Error(
      `update of resource "${call.urn}" failed: ${why}. It is no longer in the cluster; \`pulumi refresh\` takes note of that.`,
      { cause: error },
    );
  }
  const id = identityOf(live);
  const message = `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${why}`;
  const problems = error instanceof NotReady ? error.problems : [];
  return new PartialFailure({ id, outputs: outputs(live), message, reasons: [message, ...problems] });
}
