import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import type { PageQuery } from "../contract/page.ts";
import type { PageOfRows } from "../database/page.ts";
import { invalidField } from "./domain-error.ts";

/** Where a page ended: what its last row is sorted by, and its id. Rows that come or go later do not move it. */
export interface Position {
  readonly value: string;
  readonly id: string;
}

const text = z.string().max(300).regex(PRINTABLE);
const schemas = {
  time: z.strictObject({ sort: z.string(), value: z.iso.datetime({ precision: 6 }), id: z.uuid() }),
  text: z.strictObject({ sort: z.string(), value: text, id: z.uuid() }),
} as const;

/** A page's end as opaque text; `sort` says which order it belongs to. */
export function toCursor(sort: string, { value, id }: Position): string {
  return Buffer.from(JSON.stringify({ sort, value, id })).toString("base64url");
}

/** Throws a DomainError when the cursor is not one of ours, or belongs to another order. */
export function fromCursor(sort: string, kind: keyof typeof schemas, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schemas[kind].safeParse(decode(cursor));
  if (!parsed.success || parsed.data.sort !== sort) {
    throw invalidField("cursor", "The cursor is not the nextCursor of a page of this list; begin without one.");
  }
  return { value: parsed.data.value, id: parsed.data.id };
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Reads one page of a list: its rows, and the rest of the answer. `list` tells it from every other list and order; `kind`
 * says what it is sorted by. Throws a DomainError when the cursor is not one of this list.
 */
export async function readPage<T extends { sortedBy: string; id: string }>(
  list: string,
  kind: keyof typeof schemas,
  { limit, cursor }: Pick<PageQuery, "limit" | "cursor">,
  find: (page: PageOfRows) => Promise<T[]>,
): Promise<{ rows: readonly T[]; next: { nextCursor?: string } }> {
  // One more than is shown: whether there is one is whether there is another page.
  const found = await find({ limit: limit + 1, after: fromCursor(list, kind, cursor) });
  const { rows, nextCursor } = toPage(list, found, limit);
  return { rows, next: nextCursor === undefined ? {} : { nextCursor } };
}

/** The first `limit` of rows of which one more was read, and the cursor of the next page if there is one. */
export function toPage<T extends { sortedBy: string; id: string }>(
  sort: string,
  rows: readonly T[],
  limit: number,
): { rows: readonly T[]; nextCursor: string | undefined } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { rows: shown, nextCursor: more ? toCursor(sort, { value: last.sortedBy, id: last.id }) : undefined };
}
