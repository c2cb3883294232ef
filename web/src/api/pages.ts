import { infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { Page } from "../../../automation-api/contract/page.ts";
import { call } from "./client.ts";

/** The pages of a list; each begins where the one before ended. `pathOf` is asked whenever one is loaded. */
export function pagesOf<Item>(queryKey: readonly unknown[], pathOf: () => string, schema: z.ZodType<Page<Item>>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ signal, pageParam }) => call(withCursor(pathOf(), pageParam), schema, { signal }),
    initialPageParam: "",
    getNextPageParam: (page): string | undefined => page.nextCursor,
  });
}

function withCursor(path: string, cursor: string): string {
  if (cursor === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
}

/** Everything that was loaded so far. */
export function itemsOf<Item>({ pages }: { readonly pages: readonly Page<Item>[] }): Item[] {
  return pages.flatMap(({ items }) => items);
}
