import { z } from "zod";

/** Whether the database can be asked for it: it refuses text that is no id. */
export function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}
