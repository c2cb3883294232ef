import type { StackResource } from "../../../../automation-api/contract/store.ts";

/** `Namespace` of `kubernetes:core/v1:Namespace`, `RandomPassword` of `random:index/randomPassword:RandomPassword`. */
export function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** Children below their parents, as deep as they are nested. */
export function listed(resources: readonly StackResource[]): { resource: StackResource; depth: number }[] {
  const urns = new Set(resources.map(({ urn }) => urn));
  const below = (parent: string | undefined, depth: number): { resource: StackResource; depth: number }[] =>
    resources
      .filter(
        (resource) =>
          (resource.parent !== undefined && urns.has(resource.parent) ? resource.parent : undefined) === parent,
      )
      .flatMap((resource) => [{ resource, depth }, ...below(resource.urn, depth + 1)]);
  return below(undefined, 0);
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `parent`: made by; `needs`: must be there before. */
  readonly kind: "parent" | "needs";
}

/** Who leads to whom. A dependency on the own parent is said by the parent already. */
export function edgesOf(resources: readonly StackResource[]): Edge[] {
  const urns = new Set(resources.map(({ urn }) => urn));
  return resources.flatMap(({ urn, parent, dependencies }) => {
    const needs = dependencies.filter((needed) => urns.has(needed) && needed !== parent);
    const edges: Edge[] = needs.map((needed) => ({ from: needed, to: urn, kind: "needs" }));
    return parent !== undefined && urns.has(parent) ? [{ from: parent, to: urn, kind: "parent" }, ...edges] : edges;
  });
}

export interface Place {
  readonly column: number;
  readonly row: number;
}

/** Each resource one column right of the last one that leads to it; rows are centred on the longest column. */
export function placesOf(resources: readonly StackResource[]): ReadonlyMap<string, Place> {
  const edges = edgesOf(resources);
  const columns = new Map<string, number>();
  const columnOf = (urn: string, seen: ReadonlySet<string>): number => {
    const known = columns.get(urn);
    if (known !== undefined || seen.has(urn)) return known ?? 0;
    const before = edges.filter(({ to }) => to === urn).map(({ from }) => columnOf(from, new Set([...seen, urn])));
    const column = before.length === 0 ? 0 : Math.max(...before) + 1;
    columns.set(urn, column);
    return column;
  };
  const rows = Map.groupBy(resources, ({ urn }) => columnOf(urn, new Set()));
  const longest = Math.max(0, ...[...rows.values()].map(({ length }) => length));
  return new Map(
    [...rows].flatMap(([column, members]) =>
      members.map(({ urn }, index) => [urn, { column, row: index + (longest - members.length) / 2 }] as const),
    ),
  );
}
