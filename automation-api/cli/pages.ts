import type { z } from "zod";
import type { Page } from "../contract/page.ts";
import type { Client, Query } from "./client.ts";

/** Every item of a list, page after page; `most` ends it earlier. */
export async function allOf<Item>(
  client: Client,
  path: string,
  schema: z.ZodType<Page<Item>>,
  query: Query = {},
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get(path, schema, { limit: "100", ...query, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < most);
  return items.slice(0, most);
}
