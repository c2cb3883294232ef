import { setTimeout as pause } from "node:timers/promises";
import { PartialFailure, type Provider } from "../../provider.ts";
import { holdsUnknown, type Properties } from "../../values.ts";
import {
  ClusterUnreachable,
  isAlreadyExists,
  isApplyConflict,
  isForbidden,
  isImmutable,
  isNamespaceNotFound,
  isNotFound,
  UnknownKind,
} from "./api-error.ts";
import { awaitReady, NotReady } from "./await-ready.ts";
import { checkpoint, fieldManagerOf, initialApiVersion } from "./checkpoint.ts";
import { type KubernetesClient, type Query, referenceTo } from "./client.ts";
import { applyConflict } from "./conflict.ts";
import { toServer } from "./crd-keys.ts";
import { CREATE_MANAGER, forcesPatch } from "./field-managers.ts";
import { isCustomResourceDefinition } from "./kinds.ts";
import { identityOf, withoutValueAt } from "./objects.ts";
import type { Settings } from "./settings.ts";

type CreateCall = Parameters<Provider["create"]>[0];
type CreateResult = Awaited<ReturnType<Provider["create"]>>;

/** Makes an object and waits until it is ready. */
export async function createObject(
  call: CreateCall,
  client: KubernetesClient,
  settings: Settings,
): Promise<CreateResult> {
  if (call.preview) return previewCreate(call, client, settings);
  const { inputs } = call;
  const fieldManager = fieldManagerOf(call.urn, undefined, inputs);
  const outputs = (live: Properties) =>
    checkpoint({ inputs, live, initialApiVersion: initialApiVersion(undefined, inputs), fieldManager });
  const written = await writeWithRetries(call, () => write(client, inputs, settings, fieldManager, false));
  call.log("info", "", true);
  if (isCustomResourceDefinition(inputs)) client.forgetKinds();
  try {
    const live = await awaitReady(call, client, inputs, written);
    call.log("info", "", true);
    return { id: identityOf(live), outputs: outputs(live) };
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    const message =
      `resource "${call.urn}" was successfully created, but the Kubernetes API server ` +
      `reported that it failed to fully initialize or become live: ${error.message}`;
    throw new PartialFailure({
      id: identityOf(written),
      outputs: outputs(error.live),
      message,
      reasons: [message, ...error.problems],
    });
  }
}

/** Asks the server what would come of it. What it cannot know yet is answered with the inputs alone. */
async function previewCreate(
  { inputs, urn }: CreateCall,
  client: KubernetesClient,
  settings: Settings,
): Promise<CreateResult> {
  if (holdsUnknown(inputs)) return { id: "", outputs: inputs };
  const fieldManager = fieldManagerOf(urn, undefined, inputs);
  try {
    const live = await write(client, inputs, settings, fieldManager, true);
    const outputs = checkpoint({
      inputs,
      live: withoutValueAt(live, ["status"]),
      initialApiVersion: initialApiVersion(undefined, inputs),
      fieldManager,
    });
    return { id: "", outputs };
  } catch (error) {
    if (isBeyondPreview(error)) return { id: "", outputs: inputs };
    throw notCreated(urn, error);
  }
}

/** Troubles of a dry run that the update itself may well not have. */
function isBeyondPreview(error: unknown): boolean {
  return (
    error instanceof UnknownKind ||
    error instanceof ClusterUnreachable ||
    [isForbidden, isNamespaceNotFound, isAlreadyExists, isImmutable].some((matches) => matches(error))
  );
}

async function write(
  client: KubernetesClient,
  inputs: Properties,
  settings: Settings,
  fieldManager: string,
  preview: boolean,
): Promise<Properties> {
  const object = toServer(inputs);
  const dryRun: Query = { dryRun: preview ? "All" : undefined };
  if (!settings.upsertExistingObjects) return client.create(object, { ...dryRun, fieldManager: CREATE_MANAGER });
  const force = String(forcesPatch(inputs, undefined, settings, preview));
  return client.patch(referenceTo(object), "apply", object, {
    ...dryRun,
    fieldManager,
    force,
    fieldValidation: "Warn",
  });
}

/** Seconds between attempts. Together they bridge half a minute in which a namespace or a kind comes into being. */
const RETRY_SECONDS: readonly number[] = [1, 2, 4, 8, 16];

async function writeWithRetries(call: CreateCall, attempt: () => Promise<Properties>): Promise<Properties> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      const seconds = RETRY_SECONDS[retry];
      const mayCome = isNotFound(error) || error instanceof UnknownKind;
      if (mayCome && error instanceof Error) {
        call.log("info", `Retry #${retry}; creation failed: ${error.message}`, true);
      }
      if (!mayCome || seconds === undefined || call.signal.aborted) throw notCreated(call.urn, error);
      await pause(seconds * 1000, undefined, { signal: call.signal }).catch(() => undefined);
    }
  }
}

const EXISTS = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

function notCreated(urn: string, error: unknown): unknown {
  if (error instanceof ClusterUnreachable || !(error instanceof Error)) return error;
  if (error instanceof UnknownKind) {
    return new Error(
      `creation of resource "${urn}" failed because the Kubernetes API server reported that the apiVersion for this ` +
        `resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
      { cause: error },
    );
  }
  const message = isApplyConflict(error)
    ? applyConflict(error)
    : `${error.message}${isAlreadyExists(error) ? EXISTS : ""}`;
  return new Error(`resource "${urn}" was not successfully created by the Kubernetes API server: ${message}`, {
    cause: error,
  });
}
