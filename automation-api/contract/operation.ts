import { z } from "zod";
import { pageOf, pageShape } from "./page.ts";

// One recorded attempt to change a store, as the service tells it. Pure: the dashboard parses answers with it.

export const OPERATION_KINDS = ["create", "rotate", "delete"] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * `interrupted`: the process that worked on it died or was stopped; another one goes on with it.
 * `succeeded`, `failed` and `cancelled` are final.
 */
export const OPERATION_STATUSES = ["queued", "running", "interrupted", "succeeded", "failed", "cancelled"] as const;
export const operationStatusSchema = z.enum(OPERATION_STATUSES);
export type OperationStatus = z.infer<typeof operationStatusSchema>;

export const stepSchema = z
  .object({
    /** Stable name, unique within the operation. */
    key: z.string(),
    /** What a person reads, such as "Start the database". */
    title: z.string(),
    status: z.enum(["pending", "running", "done", "failed"]),
    /** How long it took, or has taken so far at the time of the answer. Absent while pending. */
    seconds: z.number().nonnegative().optional(),
  })
  .meta({ id: "Step" });
export type Step = z.infer<typeof stepSchema>;

/** How far an operation is. */
export const progressSchema = z
  .object({
    /** From 0 to 1, never going back within one attempt; 1 only when all is done. */
    fraction: z.number().min(0).max(1),
    /** Seconds until the end by earlier runs; absent when nothing is known or the operation is over. */
    etaSeconds: z.number().nonnegative().optional(),
    steps: z.array(stepSchema),
  })
  .meta({ id: "Progress" });
export type Progress = z.infer<typeof progressSchema>;

/** `X-Request-Id` of the request that asked for it: ties answers, events, audit and logs together. */
const correlationIdSchema = z.string();

export const operationSchema = z
  .object({
    id: z.uuid(),
    /** Name of the store. */
    store: z.string(),
    kind: z.enum(OPERATION_KINDS),
    status: operationStatusSchema,
    /** How often work on it has begun; more than 1 after an interruption. 0 while queued. */
    attempt: z.int().nonnegative(),
    /** Who asked for it. */
    askedBy: z.string(),
    queuedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    /** Whether somebody has asked to cancel it. */
    cancelRequested: z.boolean(),
    progress: progressSchema,
    /** Why it failed, was cancelled or interrupted, or what it waits for: a sentence for a person. */
    reason: z.string().optional(),
    correlationId: correlationIdSchema.optional(),
  })
  .meta({ id: "Operation" });
export type Operation = z.infer<typeof operationSchema>;

const EVENT_KINDS = ["status", "step", "resource", "pod", "message"] as const;
const SEVERITIES = ["info", "warning", "error"] as const;

/** One line a person can read about an operation. Its number grows by one from 1, without gaps. */
export const progressEventSchema = z
  .object({
    sequence: z.int().positive(),
    at: z.iso.datetime(),
    /** What it is about: the operation's status, a step, a resource of the stack, a pod of the store, or a message. */
    kind: z.enum(EVENT_KINDS),
    severity: z.enum(SEVERITIES),
    text: z.string(),
    /** Status of the operation when the event was saved. The last event of an operation carries its final status. */
    status: operationStatusSchema,
    /** How far the operation was when the event was saved. */
    progress: progressSchema,
    correlationId: correlationIdSchema.optional(),
  })
  .meta({ id: "ProgressEvent" });
export type ProgressEvent = z.infer<typeof progressEventSchema>;

const listOf = <T extends string>(choices: readonly [T, ...T[]]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(choices, { error: `must be among: ${choices.join(", ")}` })));

/** Which of an operation's events are wanted, and how much of each. */
export const eventFilterSchema = z.object({
  /** Only events of these kinds, separated by commas. */
  kind: listOf(EVENT_KINDS).optional(),
  /** Only events of these severities, separated by commas. */
  severity: listOf(SEVERITIES).optional(),
  /** `true` leaves `progress` out. Default `false`. */
  sparse: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
});

const listShape = {
  /** Only operations in these statuses, separated by commas. */
  status: listOf(OPERATION_STATUSES).optional(),
  kind: z.enum(OPERATION_KINDS).optional(),
  /** By the time of the request. Default `-queuedAt`: newest first. */
  sort: z.enum(["queuedAt", "-queuedAt"]).default("-queuedAt"),
  ...pageShape(100, 20),
};

export const operationsOfStoreQuerySchema = z.object(listShape);
export type OperationsQuery = z.output<typeof operationsOfStoreQuerySchema>;

export const operationListSchema = pageOf(operationSchema).meta({ id: "OperationList" });

/** Without `progress` when that was asked for. */
export const sparseEventSchema = progressEventSchema.partial({ progress: true }).meta({ id: "SparseEvent" });
export type SparseEvent = z.infer<typeof sparseEventSchema>;

/** To a request that did not ask for sparse events. */
export const progressEventListSchema = z.object({ items: z.array(progressEventSchema) });

export const eventListSchema = z.object({ items: z.array(sparseEventSchema) }).meta({ id: "ProgressEventList" });

/** Whether nothing will happen to an operation any more. */
export function isFinal(status: OperationStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}
