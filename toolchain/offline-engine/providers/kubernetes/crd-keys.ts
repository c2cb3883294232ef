import { isObject, type Properties, type Value } from "../../values.ts";
import { isCustomResourceDefinition } from "./kinds.ts";

/** Property names of the SDK have no dashes: `x-kubernetes-list-type` is `x_kubernetes_list_type` there. */
const DASHED: ReadonlyMap<string, string> = new Map(
  [
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
  ].map((name) => [name.replaceAll("-", "_"), name]),
);
const UNDERSCORED: ReadonlyMap<string, string> = new Map(
  [...DASHED].map(([underscored, dashed]) => [dashed, underscored]),
);

/** The object as the API server spells it. */
export function toServer(object: Properties): Properties {
  return isCustomResourceDefinition(object) ? renamed(object, DASHED) : object;
}

/** The object as programs spell it. */
export function fromServer(object: Properties): Properties {
  return isCustomResourceDefinition(object) ? renamed(object, UNDERSCORED) : object;
}

function renamed(object: Properties, names: ReadonlyMap<string, string>): Properties {
  const inner = (value: Value): Value =>
    isObject(value) ? renamed(value, names) : Array.isArray(value) ? value.map(inner) : value;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names.get(key) ?? key, inner(value)]));
}
