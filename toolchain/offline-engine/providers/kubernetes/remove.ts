import type { Provider } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import { isNotFound, UnknownKind } from "./api-error.ts";
import { skipsAwait, timeoutOf } from "./await-ready.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import type { KubernetesClient } from "./client.ts";
import { kindOf } from "./kinds.ts";
import { annotationOf, listAt, parseIdentity, textAt } from "./objects.ts";
import { waitUntil } from "./wait.ts";

type RemoveCall = Parameters<Provider["remove"]>[0];

const TIMEOUT_SECONDS = 600;
/** Kinds for which `pulumi.com/skipAwait` also means not to wait for the end. */
const LEAVES_AT_ONCE: ReadonlySet<string> = new Set([
  "Namespace",
  "Pod",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
]);
const PROPAGATION: Readonly<Record<string, string>> = { orphan: "Orphan", background: "Background" };

/** Deletes an object and waits until it is really gone. Gone already is fine. */
export async function removeObject(call: RemoveCall, client: KubernetesClient): Promise<void> {
  const { inputs, live } = parseCheckpoint(call.outputs);
  const reference = { ...kindOf(live), ...parseIdentity(call.id) };
  const policy = annotationOf(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase() ?? "";
  try {
    await client.remove(reference, { propagationPolicy: PROPAGATION[policy] ?? "Foreground" });
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return;
    throw error;
  }
  if (skipsAwait(inputs) && LEAVES_AT_ONCE.has(reference.kind)) return;

  const uid = textAt(live, "metadata", "uid");
  const timeoutSeconds = timeoutOf(inputs, call.timeoutSeconds, TIMEOUT_SECONDS);
  let last: Properties | undefined;
  let said = false;
  const outcome = await waitUntil({ client, reference, signal: call.signal, timeoutSeconds }, (seen, changed) => {
    last = seen;
    // Another object of the same name is not ours to wait for.
    const gone = seen === undefined || (uid !== undefined && textAt(seen, "metadata", "uid") !== uid);
    if (!gone && changed && !said) {
      said = true;
      call.log("info", "Resource scheduled for deletion", true);
    }
    return gone;
  });
  call.log("info", "", true);
  if (outcome === "satisfied") return;
  throw new Error(unfinished(call.id, outcome, timeoutSeconds, last));
}

function unfinished(id: string, outcome: string, seconds: number, last: Properties | undefined): string {
  if (outcome === "interrupted")
    return `Resource operation was cancelled for "${id}": its deletion goes on in the cluster`;
  const finalizers = [...listAt(last, "metadata", "finalizers"), ...listAt(last, "spec", "finalizers")].join(", ");
  const held = finalizers === "" ? "" : `; finalizers might be preventing deletion (${finalizers})`;
  const told = listAt(last, "status", "conditions")
    .filter((condition) => textAt(condition, "status") === "True")
    .map((condition) => textAt(condition, "message") ?? "");
  return [`"${id}" is still there ${seconds} seconds after its deletion${held}`, ...told].join("\n");
}
