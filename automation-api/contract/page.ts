import { z } from "zod";

// Pages of lists: every list is asked for, and told, like this. Pure.

/** What a request for a page takes besides what its list is filtered by. */
export const pageShape = (most = 100, usual = 50) => ({
  limit: z.coerce.number().int().min(1).max(most).default(usual).meta({ description: "Most items of one page." }),
  cursor: z.string().max(500).optional().meta({ description: "`nextCursor` of the page before." }),
});

/** For lists that cannot be filtered. */
export const pageQuerySchema = z.object(pageShape());
export type PageQuery = z.output<typeof pageQuerySchema>;

/** One page of a list; without `nextCursor` it is the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

export interface Page<Item> {
  items: Item[];
  nextCursor?: string | undefined;
}
