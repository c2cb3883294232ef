import { isObject, type Properties, type Value } from "../../values.ts";

/** The value at a path of property names, or `undefined` where the path leads nowhere. */
export function valueAt(from: Value | undefined, ...path: readonly string[]): Value | undefined {
  let here = from;
  for (const key of path) {
    if (!isObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

export function textAt(from: Value | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(from, ...path);
  return typeof value === "string" ? value : undefined;
}

/** Counters that Kubernetes leaves out when they are 0 read as 0. */
export function numberAt(from: Value | undefined, ...path: readonly string[]): number {
  const value = valueAt(from, ...path);
  return typeof value === "number" ? value : 0;
}

export function objectAt(from: Value | undefined, ...path: readonly string[]): Properties | undefined {
  const value = valueAt(from, ...path);
  return isObject(value) ? value : undefined;
}

export function listAt(from: Value | undefined, ...path: readonly string[]): readonly Value[] {
  const value = valueAt(from, ...path);
  return Array.isArray(value) ? value : [];
}

export function nameOf(object: Properties): string {
  return textAt(object, "metadata", "name") ?? "";
}

/** Empty for objects that belong to the whole cluster. */
export function namespaceOf(object: Properties): string {
  return textAt(object, "metadata", "namespace") ?? "";
}

export function annotationOf(object: Properties, key: string): string | undefined {
  return textAt(object, "metadata", "annotations", key);
}

/** The id under which the state knows an object: `namespace/name`, or `name` for the whole cluster's. */
export function identityOf(object: Properties): string {
  return identity(namespaceOf(object), nameOf(object));
}

export function identity(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The reverse of {@link identity}. */
export function parseIdentity(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** A copy in which the value at the path is `value`; objects on the way are made where they are missing. */
export function withValueAt(object: Properties, path: readonly string[], value: Value): Properties {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = object[key];
  return { ...object, [key]: rest.length === 0 ? value : withValueAt(isObject(inner) ? inner : {}, rest, value) };
}

/** A copy without the property at the path. */
export function withoutValueAt(object: Properties, path: readonly string[]): Properties {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) return object;
  if (rest.length > 0) {
    const inner = object[key];
    return isObject(inner) ? { ...object, [key]: withoutValueAt(inner, rest) } : object;
  }
  const { [key]: _removed, ...others } = object;
  return others;
}
