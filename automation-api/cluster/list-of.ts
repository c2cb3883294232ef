import { z } from "zod";

/** A list as the API server answers it. It says `null` for an empty list of some kinds, such as volumes in a new cluster. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    metadata: z.object({ continue: z.string().optional() }).optional(),
    items: z
      .array(item)
      .nullable()
      .transform((items) => items ?? []),
  });
}
