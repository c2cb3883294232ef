import { z } from "zod";
import type { Rotation } from "./engines/engine.ts";
import { SettingsProblem } from "./spec.ts";

const rotationSchema = z
  .object({
    rotation: z
      .int({ error: "The rotation says how often secrets were made anew; write a whole number such as 1." })
      .nonnegative({ error: "The rotation is less than 0; begin with 0." })
      .default(0),
    formerLogin: z
      .enum(["open", "closed"], { error: "The former login of the database is either open or closed." })
      .default("closed"),
  })
  .transform(({ rotation, formerLogin }) => ({ number: rotation, formerLogin }));

/** Throws a SettingsProblem that names every mistake. */
export function parseRotation(input: unknown): Rotation {
  const parsed = rotationSchema.safeParse(input);
  if (!parsed.success) throw new SettingsProblem(parsed.error);
  return parsed.data;
}
