import { makeUrn, nameOf, typeOf } from "../urn.ts";
import type { AliasGoal, Goal } from "./goal.ts";

/** Where a stack's resources live, which every URN begins with. */
export interface Place {
  readonly stack: string;
  readonly project: string;
}

/** The URNs a resource may have had before: what the program says, and what follows from its parent's own aliases. */
export function formerUrns(goal: Goal, place: Place, formerParents: readonly string[]): string[] {
  const said = goal.aliases.flatMap((alias) => formerUrn(goal, place, alias, formerParents));
  const moved = formerParents.map((parent) => makeUrn(place, parent, goal.type, inheritedName(goal, parent)));
  return [...new Set([...said, ...moved])];
}

function formerUrn(goal: Goal, place: Place, alias: AliasGoal, formerParents: readonly string[]): string[] {
  if ("urn" in alias) return [alias.urn];
  const former = { stack: alias.stack ?? place.stack, project: alias.project ?? place.project };
  const parents = alias.parent === undefined ? [goal.parent, ...formerParents] : [alias.parent];
  return parents.map((parent) => makeUrn(former, parent, alias.type ?? goal.type, alias.name ?? goal.name));
}

/** A child named after its parent was named after the parent's former name too. */
function inheritedName(goal: Goal, formerParent: string): string {
  const parent = nameOf(goal.parent);
  return goal.name.startsWith(parent) && typeOf(goal.parent) !== "pulumi:pulumi:Stack"
    ? nameOf(formerParent) + goal.name.slice(parent.length)
    : goal.name;
}
