import { holdsUnknown, isObject, mapProperties, type Properties, type Value } from "../../values.ts";
import { isCustomResourceDefinition, isKind } from "./kinds.ts";
import { objectAt, withoutValueAt } from "./objects.ts";
import { canonicalQuantity } from "./quantity.ts";

/** Fields of `metadata` that only the server writes. */
const READ_ONLY: readonly string[] = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Inputs as the API server would store them, so that two spellings of the same wish are no difference: secrets in
 * base64, quantities in their canonical form, nothing read-only. Objects with unknowns are only cleaned.
 */
export function normalized(object: Properties): Properties {
  const clean = READ_ONLY.reduce((rest, field) => withoutValueAt(rest, ["metadata", field]), object);
  if (holdsUnknown(clean)) return clean;
  if (isKind(clean, "v1", "Secret")) return normalizedSecret(clean);
  if (isCustomResourceDefinition(clean)) return withoutValueAt(clean, ["status"]);
  const spec = objectAt(clean, "spec");
  return spec !== undefined && BUILT_IN.test(String(clean.apiVersion))
    ? { ...clean, spec: canonicalQuantities(spec) }
    : clean;
}

/** `stringData` overwrites `data`, as the server does it. */
function normalizedSecret(secret: Properties): Properties {
  const { stringData, ...rest } = secret;
  const data = objectAt(secret, "data") ?? {};
  if (!isObject(stringData) || Object.keys(stringData).length === 0) {
    return Object.keys(data).length === 0 ? secret : { ...secret, data: mapProperties(data, respelledBase64) };
  }
  return { ...rest, data: { ...data, ...mapProperties(stringData, base64) } };
}

function base64(value: Value): Value {
  return typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
}

/** Base64 may hold line breaks, which the server drops. */
function respelledBase64(value: Value): Value {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("base64") : value;
}

/** Only the server's own kinds have fields of type quantity; custom ones keep their spelling. */
const BUILT_IN = /^(?:v1|(?:apps|batch|autoscaling|policy)\/.+|.+\.k8s\.io\/.+)$/;

/** Properties whose value is a map of quantities, wherever they occur in the built-in kinds. */
const QUANTITY_MAPS: ReadonlySet<string> = new Set([
  "requests",
  "limits",
  "hard",
  "default",
  "defaultRequest",
  "max",
  "min",
  "maxLimitRequestRatio",
  "capacity",
  "overhead",
]);
/** Properties whose value is one quantity. */
const QUANTITIES: ReadonlySet<string> = new Set(["sizeLimit", "averageValue", "divisor"]);

function canonicalQuantities(object: Properties): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, canonicalProperty(key, value)]));
}

function canonicalProperty(key: string, value: Value): Value {
  if (key === "metadata") return value;
  if (QUANTITIES.has(key)) return quantity(value);
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? canonicalQuantities(item) : item));
  if (!isObject(value)) return value;
  const allQuantities = QUANTITY_MAPS.has(key) && Object.values(value).every((item) => !isObject(item));
  return allQuantities ? mapProperties(value, quantity) : canonicalQuantities(value);
}

function quantity(value: Value): Value {
  if (typeof value === "number") return canonicalQuantity(String(value));
  return typeof value === "string" ? canonicalQuantity(value) : value;
}
