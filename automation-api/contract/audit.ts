import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import { pageOf, pageShape } from "./page.ts";
import { organizationQuery } from "./store.ts";

// What was done, by whom, and from where. Pure.

const plain = z.record(z.string(), z.unknown());

export const auditEntrySchema = z
  .object({
    /** Grows with every entry; some numbers are never used. */
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string(),
    actorId: z.string().optional(),
    /** What they were known by: `session`, `invitation`, or `key` and its name. */
    via: z.string().optional(),
    address: z.string().optional(),
    agent: z.string().optional(),
    /** Id of the request; the same as its `X-Request-Id`. */
    correlationId: z.string().optional(),
    /** Id of the organization; absent for what concerns the platform. */
    organizationId: z.string().optional(),
    action: z.string(),
    subject: z.string(),
    before: plain.optional(),
    after: plain.optional(),
    outcome: z.enum(["done", "refused"]),
    /** Hash of the entry before, and of this one; absent in entries older than the chain. */
    previousHash: z.string().optional(),
    hash: z.string().optional(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const moment = z.iso.datetime({ offset: true, error: "This is a time such as 2026-01-31T12:00:00Z." });
const word = z.string().max(200).regex(PRINTABLE, { error: "This holds control characters; remove them." });

const filterShape = {
  /** Only what this person did, by name. */
  actor: word.optional(),
  /** Only this, such as `create store`. */
  action: word.optional(),
  /** Only what was done to this. */
  subject: word.optional(),
  outcome: z.enum(["done", "refused"]).optional(),
  /** Only what came of the request with this `X-Request-Id`. */
  correlationId: word.optional(),
  /** Not before this moment. */
  from: moment.optional(),
  /** Before this moment. */
  until: moment.optional(),
};
export const auditFilterSchema = z.object(filterShape);
export type AuditFilter = z.output<typeof auditFilterSchema>;

export const auditQuerySchema = z.object({
  organization: organizationQuery,
  ...filterShape,
  ...pageShape(200),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, { error: "The cursor is not the nextCursor of a page of this list; begin without one." })
    .optional(),
});

export const auditListSchema = pageOf(auditEntrySchema).meta({ id: "AuditList" });

export const AUDIT_FORMATS = ["jsonl", "csv"] as const;
export const auditExportSchema = z.object({
  organization: organizationQuery,
  ...filterShape,
  /** One JSON object a line, or comma-separated values with a header. Default `jsonl`. */
  format: z.enum(AUDIT_FORMATS).default("jsonl"),
});

export const auditVerificationSchema = z
  .object({
    /** How many entries were looked at. */
    entries: z.int(),
    /** Whether every entry is as it was written and follows the one before it. */
    intact: z.boolean(),
    /** The first entry that is not. */
    brokenAt: z.string().optional(),
  })
  .meta({ id: "AuditVerification" });
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
