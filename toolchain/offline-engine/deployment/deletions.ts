import { parseProviderReference } from "../urn.ts";
import type { Resource } from "./resource.ts";

/** URNs a resource cannot exist without. */
export function needsOf(resource: Resource): string[] {
  const needs = [...resource.dependencies, ...Object.values(resource.propertyDependencies).flat()];
  if (resource.parent !== "") needs.push(resource.parent);
  if (resource.provider !== "") needs.push(parseProviderReference(resource.provider).urn);
  if (resource.deletedWith !== "") needs.push(resource.deletedWith);
  return needs;
}

/**
 * Puts resources to delete in rounds: all of a round may go at once, and nothing goes before what depends on it. The
 * rounds are those of creating them, backwards. Resources must come in the state's order.
 */
export function deletionRounds(condemned: readonly Resource[]): Resource[][] {
  const depth = new Map<Resource, number>();
  const byUrn = new Map<string, Resource[]>();
  for (const resource of condemned) {
    const needed = needsOf(resource).flatMap((urn) => byUrn.get(urn) ?? []);
    depth.set(resource, 1 + Math.max(-1, ...needed.map((other) => depth.get(other) ?? 0)));
    byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
  }
  const rounds: Resource[][] = [];
  for (const [resource, round] of depth) {
    rounds[round] ??= [];
    rounds[round].push(resource);
  }
  return rounds.reverse().map((round) => round.reverse());
}

/** Everything in `resources` that needs `root`, directly or not, in the state's order. */
export function dependentsOf(root: Resource, resources: readonly Resource[]): Resource[] {
  const gone = new Set([root.urn]);
  const dependents: Resource[] = [];
  for (const resource of resources) {
    if (resource === root || !needsOf(resource).some((urn) => gone.has(urn))) continue;
    gone.add(resource.urn);
    dependents.push(resource);
  }
  return dependents;
}
