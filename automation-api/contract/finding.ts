import { z } from "zod";
import { pageOf } from "./page.ts";

// What a comparison of our records with the cluster and Pulumi's state has found. Pure.

export const FINDING_KINDS = [
  "orphan-namespace",
  "orphan-stack",
  "orphan-volume",
  "missing-namespace",
  "missing-stack",
  "missing-object",
  "release-missing",
  "release-stuck",
  "release-failed",
  "cluster-away",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const findingSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(FINDING_KINDS),
    /** What it is about, such as the name of a namespace or of a store. */
    subject: z.string(),
    /** What is wrong and what a person can do, as sentences. */
    text: z.string(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: "Finding" });
export type Finding = z.infer<typeof findingSchema>;

export const findingListSchema = pageOf(findingSchema).meta({ id: "FindingList" });
