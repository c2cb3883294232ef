import { z } from "zod";
import type { Asked } from "./route.ts";

// Versions of things as ETags: a change names the one that was seen, and is refused when it is not the present one.

/** For the headers of a route that changes something. */
export const ifMatchHeaders = z.object({
  "If-Match": z
    .string()
    .regex(/^("[\w-]{1,40}"|\*)$/, { error: 'If-Match is the ETag that was given before, such as "3".' })
    .optional()
    .meta({ description: "The ETag of what was seen; the change is refused when it is not the present one." }),
});

/** For the description of an answer. */
export const etagDescription = { ETag: "Its version, for `If-Match`." };

export function etagOf(version: number | string): Readonly<Record<string, string>> {
  return { ETag: `"${version}"` };
}

/** The version that was seen, as text; `undefined`: whatever it is now. */
export function seenTag(asked: Pick<Asked, "header">): string | undefined {
  const seen = asked.header("if-match");
  return seen === undefined || seen === "*" ? undefined : seen.slice(1, -1);
}

/** The same, of things that count their versions. What is no number is the version of nothing. */
export function seenVersion(asked: Pick<Asked, "header">): number | undefined {
  const seen = seenTag(asked);
  return seen === undefined ? undefined : Number(seen);
}
