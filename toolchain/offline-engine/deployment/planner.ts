import { EngineProblem } from "../problem.ts";
import { matchesAny, parsePath } from "../property-path.ts";
import type { DiffResult, PropertyDiff } from "../provider.ts";
import { equal } from "../values.ts";
import type { Resource } from "./resource.ts";
import { makeStep, type Step } from "./step.ts";

/** What a provider's diff means for the plan, after the program's wishes. */
export interface Verdict {
  readonly changes: boolean;
  readonly replaceKeys: readonly string[];
  readonly diffs: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly detailedDiff: Readonly<Record<string, PropertyDiff>> | undefined;
}

export const NO_CHANGES: Verdict = {
  changes: false,
  replaceKeys: [],
  diffs: [],
  deleteBeforeReplace: false,
  detailedDiff: undefined,
};

/** Adds to a provider's diff what the program said about replacing. */
export function verdictOf(
  diff: DiffResult,
  wish: { replaceOnChanges: readonly string[]; deleteBeforeReplace: boolean | undefined },
): Verdict {
  const forced = Object.keys(diff.detailedDiff).filter((path) => matchesAny(path, wish.replaceOnChanges));
  const replaceKeys = union(diff.replaceKeys, forced.map(topLevel));
  const diffs = diff.changes ? union(Object.keys(diff.detailedDiff).map(topLevel), diff.replaceKeys.map(topLevel)) : [];
  return {
    changes: diff.changes,
    replaceKeys,
    diffs,
    deleteBeforeReplace: wish.deleteBeforeReplace ?? diff.deleteBeforeReplace,
    detailedDiff: Object.keys(diff.detailedDiff).length === 0 ? undefined : diff.detailedDiff,
  };
}

/** Components have no provider to ask: any other input is a change, and none forces a replacement. */
export function componentVerdict(old: Resource, inputs: Resource["inputs"]): Verdict {
  return { ...NO_CHANGES, changes: !equal(old.inputs, inputs) };
}

/**
 * The steps that bring one resource from what the state has to what the program wants. The dependents that have to make
 * room for a delete-before-replace are given by the caller, last one first.
 */
export function planSteps(
  resource: Resource,
  old: Resource | undefined,
  verdict: Verdict,
  dependentsInTheWay: readonly Resource[] = [],
): Step[] {
  if (old === undefined) return [makeStep({ op: "create", new: resource })];
  const difference = { diffs: verdict.diffs, keys: verdict.replaceKeys, detailedDiff: verdict.detailedDiff };
  if (old.pendingReplacement) {
    // An earlier update deleted it to make room and was interrupted before it made the new one.
    return [
      makeStep({ op: "replace", old, new: resource, ...difference }),
      makeStep({ op: "create-replacement", old, new: resource, logical: false, ...difference }),
    ];
  }
  if (verdict.changes && verdict.replaceKeys.length > 0) return replacement(resource, old, verdict, dependentsInTheWay);
  if (verdict.changes || old.initErrors.length > 0)
    return [makeStep({ op: "update", old, new: resource, ...difference })];
  return [makeStep({ op: "same", old, new: resource })];
}

function replacement(resource: Resource, old: Resource, verdict: Verdict, inTheWay: readonly Resource[]): Step[] {
  if (old.protect) {
    throw new EngineProblem(
      `unable to replace resource "${resource.urn}"\nas it is currently marked for protection. To unprotect the ` +
        "resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
    );
  }
  const difference = { diffs: verdict.diffs, keys: verdict.replaceKeys, detailedDiff: verdict.detailedDiff };
  const replace = makeStep({ op: "replace", old, new: resource, ...difference });
  const create = makeStep({ op: "create-replacement", old, new: resource, logical: false, ...difference });
  if (!verdict.deleteBeforeReplace) return [create, replace];
  const makeRoom = [...inTheWay, old].map((gone) =>
    makeStep({ op: "delete-replaced", old: gone, logical: false, pendingReplacement: true, keys: verdict.replaceKeys }),
  );
  return [...makeRoom, replace, create];
}

function topLevel(path: string): string {
  return String(parsePath(path)[0] ?? path);
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])].sort();
}
