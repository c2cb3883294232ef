import { isObject, type Properties, type Value } from "../../values.ts";
import type { KubernetesClient, Reference } from "./client.ts";
import { annotationOf, listAt, objectAt, textAt, valueAt } from "./objects.ts";
import type { Settings } from "./settings.ts";

/** Objects are created under this name; the first update hands the fields over to the object's own manager. */
export const CREATE_MANAGER = "pulumi-kubernetes";

/** Managers whose fields an update takes over: our own of creation time, and what people do by hand with kubectl. */
const TAKEN_OVER: readonly { prefix: string; operation: "Apply" | "Update" }[] = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  { prefix: CREATE_MANAGER, operation: "Update" },
  { prefix: "pulumi-resource-kubernetes", operation: "Update" },
];

/** `metadata.managedFields` with all that `manager` takes over merged into its own entry; `undefined` when nothing is. */
export function takenOver(object: Properties, manager: string): Value[] | undefined {
  const entries = listAt(object, "metadata", "managedFields").filter(isObject);
  const isOwn = (entry: Properties) => entry.manager === manager && entry.operation === "Apply";
  const taken = entries.filter((entry) => !isOwn(entry) && isTakenOver(entry));
  const [first] = taken;
  if (first === undefined) return undefined;
  const own = entries.find(isOwn);
  const fieldsV1 = [...(own ? [own] : []), ...taken]
    .map((entry) => objectAt(entry, "fieldsV1") ?? {})
    .reduce((all, fields) => union(all, fields), {});
  const rest = entries.filter((entry) => entry !== own && !taken.includes(entry));
  return [...rest, { ...(own ?? first), manager, operation: "Apply", fieldsV1 }];
}

function isTakenOver(entry: Properties): boolean {
  const { manager, operation, subresource } = entry;
  if (typeof manager !== "string" || (subresource !== undefined && subresource !== "")) return false;
  return TAKEN_OVER.some((known) => manager.startsWith(known.prefix) && operation === known.operation);
}

/** Field sets are trees of keys, so their union is a deep merge. */
function union(left: Properties, right: Properties): Properties {
  const merged = Object.entries(right).map(([key, value]): [string, Value] => {
    const other = left[key];
    return [key, isObject(value) && isObject(other) ? union(other, value) : value];
  });
  return { ...left, ...Object.fromEntries(merged) };
}

/** Gives the object's fields to `manager`, so that applying them is no conflict with our own earlier self. */
export async function takeOverFields(
  client: KubernetesClient,
  reference: Reference,
  live: Properties,
  manager: string,
): Promise<void> {
  const managedFields = takenOver(live, manager);
  if (managedFields === undefined) return;
  const patch = [
    { op: "replace", path: "/metadata/managedFields", value: managedFields },
    { op: "replace", path: "/metadata/resourceVersion", value: valueAt(live, "metadata", "resourceVersion") ?? null },
  ];
  await client.patch(reference, "json", patch, {});
}

/** Whether fields that belong to other managers are taken from them. */
export function forcesPatch(
  inputs: Properties,
  live: Properties | undefined,
  settings: Settings,
  preview: boolean,
): boolean {
  if (annotationOf(inputs, "pulumi.com/patchForce") === "true" || settings.enablePatchForce) return true;
  const managers = listAt(live, "metadata", "managedFields");
  // Objects from before server-side apply have no managers; nobody else can claim their fields.
  if (live !== undefined && managers.length === 0) return true;
  // A preview does not take fields over first, so our own earlier self would look like a conflict.
  const ours = managers.some((entry) => textAt(entry, "manager") === CREATE_MANAGER);
  return preview && (live === undefined || ours);
}
