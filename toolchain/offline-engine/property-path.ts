import { isObject, type Properties, type Value } from "./values.ts";

/** Steps from a resource's properties to a value: names of properties, indexes of lists, `*` for any of either. */
export type PropertyPath = readonly (string | number)[];

/** Reads `spec.hard["a.b"]`, `ports[0].port` and `*` as the real engine does. */
export function parsePath(text: string): PropertyPath {
  const path: (string | number)[] = [];
  const pattern = /\.?([^.[\]]+)|\[\s*(?:"((?:[^"\\]|\\.)*)"|(\d+)|(\*))\s*\]/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new Error(`'${text}' is not a property path`);
    const [, name, quoted, index, star] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(name ?? star ?? quoted?.replace(/\\(.)/g, "$1") ?? "");
  }
  return path;
}

export function getAt(value: Value | undefined, path: PropertyPath): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) return typeof step === "number" ? getAt(value[step], rest) : undefined;
  return isObject(value) ? getAt(value[String(step)], rest) : undefined;
}

/**
 * New inputs with the values at `ignored` paths taken from the old ones. A path missing on both sides is no change; a
 * path the old inputs lack is removed, because adding it would be the change to ignore.
 */
export function withIgnored(news: Properties, olds: Properties, ignored: readonly string[]): Properties {
  let result: Value = news;
  for (const text of ignored) result = restored(result, olds, parsePath(text)) ?? {};
  return isObject(result) ? result : news;
}

function restored(value: Value | undefined, old: Value | undefined, path: PropertyPath): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return old;
  if (Array.isArray(value) && Array.isArray(old)) {
    return value.map((item, index) =>
      step === "*" || step === index ? (restored(item, old[index], rest) ?? item) : item,
    );
  }
  if (!isObject(value) && !isObject(old)) return value;
  const news = isObject(value) ? value : {};
  const olds = isObject(old) ? old : {};
  const keys = step === "*" ? new Set([...Object.keys(news), ...Object.keys(olds)]) : [String(step)];
  const result: Properties = { ...news };
  for (const key of keys) {
    const kept = restored(news[key], olds[key], rest);
    if (kept === undefined) delete result[key];
    else result[key] = kept;
  }
  return result;
}

/** True when `changed` lies at or below a path of `patterns`, or a pattern lies below it. */
export function matchesAny(changed: string, patterns: readonly string[]): boolean {
  const path = parsePath(changed);
  return patterns.some((pattern) => {
    const steps = parsePath(pattern);
    const shared = Math.min(steps.length, path.length);
    return steps.slice(0, shared).every((step, index) => step === "*" || step === path[index]);
  });
}
