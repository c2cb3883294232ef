import type { Provider } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import { checkpoint, fieldManagerOf, initialApiVersion, withSecretContents } from "./checkpoint.ts";
import type { KubernetesClient } from "./client.ts";
import { fromServer } from "./crd-keys.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { normalized } from "./normalize.ts";
import { parseIdentity, withoutValueAt } from "./objects.ts";
import { pruned } from "./prune.ts";

type ReadCall = Parameters<Provider["read"]>[0];
type ReadResult = Awaited<ReturnType<Provider["read"]>>;

/**
 * The object as it is now. Its inputs are what was asked for with the values found, so that a change made by hand shows
 * as a difference to the program. Without earlier inputs (an import) everything that can be asked for is.
 */
export async function readObject(call: ReadCall, kind: Kind, client: KubernetesClient): Promise<ReadResult> {
  const olds = call.inputs !== undefined && Object.keys(call.inputs).length > 0 ? normalized(call.inputs) : undefined;
  const known = olds === undefined ? kind : kindOf(olds);
  const live = await client.find({ ...known, ...parseIdentity(call.id) });
  if (live === undefined) return undefined;
  const inputs = olds === undefined ? importedInputs(fromServer(live)) : pruned(fromServer(live), olds);
  const outputs = checkpoint({
    inputs,
    live,
    initialApiVersion: initialApiVersion(call.outputs, inputs),
    fieldManager: fieldManagerOf(call.urn, call.outputs, inputs),
  });
  return { id: call.id, inputs: withSecretContents(inputs), outputs };
}

/** Annotations that controllers and kubectl keep notes in. */
const NOTES: readonly string[] = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

function importedInputs(live: Properties): Properties {
  const clean = NOTES.reduce((rest, note) => withoutValueAt(rest, ["metadata", "annotations", note]), live);
  return normalized(withoutValueAt(clean, ["status"]));
}
