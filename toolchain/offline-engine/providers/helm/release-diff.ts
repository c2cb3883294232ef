import type { DiffResult, Provider } from "../../provider.ts";
import { isObject, type Properties } from "../../values.ts";
import { detailedDiff } from "../kubernetes/detailed-diff.ts";

type DiffCall = Parameters<Provider["diff"]>[0];

/** Notes that older providers kept among the inputs. */
const OBSOLETE: readonly string[] = ["checksum", "resourceNames"];

/**
 * Compares what the program asks for with what the release was when last seen. Only its name and namespace cannot change;
 * the new release is made before the old one is removed.
 */
export function diffRelease(
  call: Pick<DiffCall, "oldOutputs" | "oldInputs" | "newInputs" | "ignoreChanges">,
): DiffResult {
  const { __inputs, ...old } = call.oldOutputs;
  const oldInput = without(isObject(__inputs) ? __inputs : call.oldInputs, OBSOLETE);
  const ignoresVersion = call.ignoreChanges.includes("version") && old.version !== undefined;
  const newInput = ignoresVersion ? { ...call.newInputs, version: old.version ?? "" } : call.newInputs;
  const diff = detailedDiff({ old, oldInput, newInput }, [["name"], ["namespace"]]);
  return {
    changes: Object.keys(diff).length > 0,
    replaceKeys: Object.keys(diff).filter((path) => diff[path]?.kind.endsWith("-replace")),
    deleteBeforeReplace: false,
    detailedDiff: diff,
  };
}

function without(properties: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !keys.includes(key)));
}
