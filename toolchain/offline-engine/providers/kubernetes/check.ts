import type { CheckResult, Provider } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import { withSecretContents } from "./checkpoint.ts";
import type { KubernetesClient } from "./client.ts";
import type { Kind } from "./kinds.ts";
import { named } from "./naming.ts";
import { normalized } from "./normalize.ts";
import { objectAt, valueAt, withValueAt } from "./objects.ts";
import type { Settings } from "./settings.ts";

type CheckCall = Parameters<Provider["check"]>[0];

/** Notes of the provider itself that programs must not write. */
const INTERNAL_ANNOTATION = "pulumi.com/autonamed";

/** Completes what the program asks for: one spelling for each value, a name, and the default namespace. */
export async function checkObject(
  call: CheckCall,
  kind: Kind,
  settings: Settings,
  client: () => Promise<KubernetesClient>,
): Promise<CheckResult> {
  if (objectAt(call.news, "metadata", "annotations")?.[INTERNAL_ANNOTATION] !== undefined) {
    call.log("warning", `ignoring user-specified value for internal annotation "${INTERNAL_ANNOTATION}"`);
  }
  const olds = call.olds !== undefined && Object.keys(call.olds).length > 0 ? call.olds : undefined;
  const whole = { apiVersion: kind.apiVersion, kind: kind.kind, ...call.news };
  const inputs = named(normalized(whole), olds, call.name);
  return { inputs: withSecretContents(await inDefaultNamespace(inputs, kind, settings, client)), failures: [] };
}

async function inDefaultNamespace(
  inputs: Properties,
  kind: Kind,
  { namespace }: Settings,
  client: () => Promise<KubernetesClient>,
): Promise<Properties> {
  const path = ["metadata", "namespace"];
  const given = valueAt(inputs, ...path);
  if (namespace === undefined || (given !== undefined && given !== "")) return inputs;
  const kubernetes = await client();
  // A custom kind that is not defined yet most likely lives in namespaces.
  const namespaced = !(await kubernetes.knows(kind)) || (await kubernetes.isNamespaced(kind));
  return namespaced ? withValueAt(inputs, path, namespace) : inputs;
}
