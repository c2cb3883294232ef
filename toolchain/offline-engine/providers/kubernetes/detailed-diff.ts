import type { PropertyPath } from "../../property-path.ts";
import type { PropertyDiff } from "../../provider.ts";
import { equal, isObject, type Properties, UNKNOWN, type Value } from "../../values.ts";
import { formatPath, isWithin } from "./diff-path.ts";

/** What is compared: what is there now, what was asked for before, and what is asked for now. */
export interface Sides {
  readonly old: Value | undefined;
  readonly oldInput: Value | undefined;
  readonly newInput: Value | undefined;
}

type Diff = Record<string, PropertyDiff>;

/**
 * The differences between what is there and what is asked for, per property. A property the server filled in and nobody
 * asked for is no difference; one that was asked for before and no longer is, is a deletion.
 *
 * @param replaceFields paths whose change replaces the object
 */
export function detailedDiff(
  sides: { old: Properties; oldInput: Properties; newInput: Properties },
  replaceFields: readonly PropertyPath[],
): Diff {
  const diff: Diff = {};
  compare([], sides, replaceFields, diff);
  return diff;
}

function compare(path: PropertyPath, sides: Sides, replaceFields: readonly PropertyPath[], diff: Diff): void {
  const { old, oldInput, newInput } = sides;
  const newValue = newInput === null && old === undefined ? undefined : newInput;
  if (newValue === undefined) {
    if (oldInput !== undefined && old !== undefined)
      diff[formatPath(path)] = change("delete", path, old, replaceFields);
  } else if (old === undefined) {
    diff[formatPath(path)] = change("add", path, newValue, replaceFields);
  } else if (isObject(old) && isObject(newValue)) {
    for (const key of new Set([...Object.keys(newValue), ...Object.keys(old)])) {
      compare([...path, key], childSides(sides, key), replaceFields, diff);
    }
  } else if (Array.isArray(old) && Array.isArray(newValue)) {
    for (let index = 0; index < Math.max(old.length, newValue.length); index += 1) {
      compare([...path, index], itemSides(sides, index), replaceFields, diff);
    }
  } else if (newValue === UNKNOWN || !equal(old, newValue)) {
    diff[formatPath(path)] = change("update", path, newValue, replaceFields);
  }
}

function childSides({ old, oldInput, newInput }: Sides, key: string): Sides {
  const child = (side: Value | undefined) => (isObject(side) ? side[key] : undefined);
  return { old: child(old), oldInput: child(oldInput), newInput: child(newInput) };
}

function itemSides({ old, oldInput, newInput }: Sides, index: number): Sides {
  const item = (side: Value | undefined) => (Array.isArray(side) ? side[index] : undefined);
  return { old: item(old), oldInput: item(oldInput), newInput: item(newInput) };
}

function change(
  kind: "add" | "delete" | "update",
  path: PropertyPath,
  value: Value,
  replaceFields: readonly PropertyPath[],
): PropertyDiff {
  const replaces = replaceFields.some((field) => isWithin(path, field) || reaches(field, path, value));
  // Only deletions compare inputs with inputs; all else compares what is there with what is wanted.
  return { kind: replaces ? `${kind}-replace` : kind, inputDiff: kind === "delete" };
}

/** Whether a field that lies deeper than a changed path exists in the value found there. */
function reaches(field: PropertyPath, path: PropertyPath, value: Value): boolean {
  return isWithin(field, path) && exists(value, field.slice(path.length));
}

function exists(value: Value | undefined, path: PropertyPath): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => exists(item, step === "*" ? rest : path));
  return isObject(value) && exists(value[step], rest);
}
