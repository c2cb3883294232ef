import { z } from "zod";

/** An error body as in RFC 9457. */
export const problemSchema = z
  .object({
    /** A relative address such as `/problems/name-taken`, where the kind of problem is explained. It stays what it is. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** One sentence: what is wrong and what to do. */
    detail: z.string().optional(),
    /** One entry for each bad field. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;
