import { z } from "zod";
import { storeStatusSchema } from "./store.ts";

// How the platform has been doing, for plots. Pure: the dashboard parses answers with it.

export const SPANS = ["hour", "day", "week", "month"] as const;
export const spanSchema = z.enum(SPANS);
export type Span = z.infer<typeof spanSchema>;

export const measuresQuerySchema = z.object({
  span: spanSchema.default("day").meta({ description: "How far back. A month is thirty days." }),
});

const pointSchema = z.object({
  /** When the time begins that the point stands for. */
  from: z.iso.datetime(),
  /** Operations that came to an end in that time. */
  operations: z.object({ succeeded: z.int(), failed: z.int(), cancelled: z.int() }),
  /** Seconds from their beginning to their end; nineteen of twenty were no `slowest`. Absent when none ended. */
  duration: z.object({ median: z.number(), slowest: z.number() }).optional(),
  /** At the end of that time: operations that had not begun, and for how many seconds the oldest had waited. */
  queue: z.object({ length: z.int(), oldest: z.number() }),
  /** Workers at the end of that time. */
  workers: z.int(),
  /** Living stores by status at the end of that time; statuses nobody was in are left out. */
  stores: z.partialRecord(storeStatusSchema, z.int()),
});
export type MeasuresPoint = z.infer<typeof pointSchema>;

export const measuresSchema = z
  .object({
    span: spanSchema,
    /** Seconds that each point stands for. */
    step: z.int(),
    /** Oldest first, without gaps; the time of the last one is not over. */
    points: z.array(pointSchema),
  })
  .meta({ id: "Measures" });
export type Measures = z.infer<typeof measuresSchema>;
