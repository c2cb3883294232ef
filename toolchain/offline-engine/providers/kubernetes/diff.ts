import { parsePath } from "../../property-path.ts";
import type { DiffResult, Provider } from "../../provider.ts";
import type { Properties } from "../../values.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { detailedDiff } from "./detailed-diff.ts";
import { isWithin } from "./diff-path.ts";
import { isAutonamed, isNamed } from "./naming.ts";
import { normalized } from "./normalize.ts";
import { nameOf, namespaceOf, valueAt, withoutValueAt, withValueAt } from "./objects.ts";
import { pruned } from "./prune.ts";
import { replaceFields } from "./replace-rules.ts";
import type { Settings } from "./settings.ts";

type DiffCall = Parameters<Provider["diff"]>[0];

/** Compares what the program asks for with what the object was when last seen, within what was asked for before. */
export function diffObject(
  call: Pick<DiffCall, "oldInputs" | "oldOutputs" | "newInputs" | "ignoreChanges">,
  settings: Settings,
): DiffResult {
  const { inputs, live } = parseCheckpoint(call.oldOutputs);
  const oldInput = normalized(Object.keys(inputs).length > 0 ? inputs : call.oldInputs);
  const namespaced = namespaceOf(live) !== "";
  const newInput = withCanonicalNamespace(normalized(call.newInputs), namespaced);
  const old = withLiveName(withCanonicalNamespace(pruned(live, oldInput), namespaced), live, newInput);

  const all = detailedDiff({ old, oldInput: old, newInput }, replaceFields(newInput, settings));
  const ignored = call.ignoreChanges.map(parsePath);
  const diff = Object.fromEntries(
    Object.entries(all).filter(([path]) => !ignored.some((outer) => isWithin(parsePath(path), outer))),
  );
  const replaceKeys = Object.keys(diff).filter((path) => diff[path]?.kind.endsWith("-replace"));
  return {
    changes: Object.keys(diff).length > 0,
    replaceKeys,
    deleteBeforeReplace: replaceKeys.length > 0 && keepsItsName(newInput, live),
    detailedDiff: diff,
  };
}

/** A namespace that is not named is `default`; objects of the whole cluster have none, whatever was asked for. */
function withCanonicalNamespace(object: Properties, namespaced: boolean): Properties {
  const path = ["metadata", "namespace"];
  if (!namespaced) return withoutValueAt(object, path);
  const namespace = valueAt(object, ...path);
  return namespace === undefined || namespace === "" ? withValueAt(object, path, "default") : object;
}

/** Lets a program write down the name that was made up for it without a replacement. */
function withLiveName(old: Properties, live: Properties, newInput: Properties): Properties {
  return nameOf(newInput) === "" ? old : withValueAt(old, ["metadata", "name"], nameOf(live));
}

/** The new object would have the very name of the old one, so the old one has to go first. */
function keepsItsName(newInput: Properties, live: Properties): boolean {
  return (
    isNamed(newInput) &&
    !isAutonamed(newInput) &&
    nameOf(newInput) === nameOf(live) &&
    namespaceOf(newInput) === namespaceOf(live)
  );
}
