import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import { exactTime } from "./exact-time.ts";

// Pages of rows: each row with what it is sorted by, as text, so that the next page can begin behind it.

export interface PageOfRows {
  /** Rows at most. */
  readonly limit: number;
  /** The last row of the page before: what it is sorted by, as text, and its id. */
  readonly after: { readonly value: string; readonly id: string } | undefined;
}

/** What rows are sorted by, and then by their ids. */
export interface RowOrder {
  readonly by: RawBuilder<unknown>;
  readonly type: "timestamptz" | "text";
  readonly id: RawBuilder<unknown>;
  /** Default: the least first. */
  readonly descending?: boolean;
}

export const timeOrder = (column: string, id: string, descending = false): RowOrder => ({
  by: sql.ref(column),
  type: "timestamptz",
  id: sql.ref(id),
  descending,
});

/** By plain bytes: the same order on every machine. */
export const textOrder = (column: string, id: string, descending = false): RowOrder => ({
  by: sql`${sql.ref(column)} collate "C"`,
  type: "text",
  id: sql.ref(id),
  descending,
});

/** One page of what a query finds. */
export function paged<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { by, type, id, descending = false }: RowOrder,
  { limit, after }: PageOfRows,
) {
  const direction = descending ? "desc" : "asc";
  const beyond = sql.raw(descending ? "<" : ">");
  const text = type === "text" ? sql<string>`${by}` : exactTime(by);
  return query
    .select(text.as("sortedBy"))
    .$if(after !== undefined, (all) =>
      all.where(sql<boolean>`(${by}, ${id}) ${beyond} (cast(${after?.value} as ${sql.raw(type)}), ${after?.id}::uuid)`),
    )
    .orderBy(by, direction)
    .orderBy(id, direction)
    .limit(limit);
}
