import { isObject, type Properties, type Value } from "../../values.ts";

/**
 * The parts of a live object that have a counterpart in the inputs: what we asked for, with the values it has now.
 * Defaults and status the server added do not show, changes others made to our fields do. Empty values the server
 * dropped are kept as they were asked for: it does not tell an empty list from none.
 */
export function pruned(live: Properties, inputs: Properties): Properties {
  const found = Object.entries(inputs).flatMap(([key, wanted]): [string, Value][] => {
    const value = live[key];
    if (value !== undefined) return [[key, prunedValue(value, wanted)]];
    return isEmpty(wanted) ? [[key, wanted]] : [];
  });
  return Object.fromEntries(found);
}

function prunedValue(value: Value, wanted: Value): Value {
  if (isObject(value) && isObject(wanted)) return pruned(value, wanted);
  if (Array.isArray(value) && Array.isArray(wanted)) return prunedList(value, wanted);
  return value;
}

/** Items are matched by position. Those beyond the inputs' are the server's own and are left out. */
function prunedList(values: Value[], wanted: Value[]): Value[] {
  return wanted.slice(0, values.length).map((item, index) => prunedValue(values[index] ?? null, item));
}

function isEmpty(value: Value): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return Array.isArray(value) ? value.length === 0 : value === null || value === "" || value === false || value === 0;
}
