import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import { pageOf, pageShape } from "./page.ts";

// Webhooks: addresses of an organization that are told what happens. Pure: dashboard and CLI parse answers with it.

/** What can be told. `store.drifted`: something of a store was changed or removed in the cluster, not by us. */
export const WEBHOOK_EVENTS = [
  "store.ready",
  "store.failed",
  "store.deleted",
  "store.drifted",
  "operation.finished",
] as const;
export const webhookEventSchema = z.enum(WEBHOOK_EVENTS, {
  error: `An event is one of: ${WEBHOOK_EVENTS.join(", ")}.`,
});
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** Sent only when somebody asks for it. */
export const TEST_EVENT = "webhook.test";

const urlSchema = z
  .url({ protocol: /^https?$/, error: "The address must begin with https://, or with http:// where that is allowed." })
  .max(1000, { error: "The address is longer than 1000 characters." })
  .refine((value) => URL.canParse(value) && new URL(value).username === "" && new URL(value).password === "", {
    error: "The address holds a name or a password; tell our requests by their signature instead.",
  });

const descriptionSchema = z
  .string()
  .trim()
  .max(100, { error: "The description is longer than 100 characters." })
  .regex(PRINTABLE, { error: "The description holds control characters; remove them." })
  .refine((value) => value.isWellFormed(), { error: "The description holds half of a character; write it anew." });

const eventsSchema = z
  .array(webhookEventSchema)
  .min(1, { error: "Choose at least one event." })
  .max(WEBHOOK_EVENTS.length);

export const createWebhookSchema = z.strictObject({
  url: urlSchema,
  /** What it is for. Default: nothing. */
  description: descriptionSchema.default(""),
  /** What it is told. Default: everything. */
  events: eventsSchema.default([...WEBHOOK_EVENTS]),
});
export type CreateWebhook = z.input<typeof createWebhookSchema>;

/** What is left out stays as it is. */
export const changeWebhookSchema = z.strictObject({
  url: urlSchema.optional(),
  description: descriptionSchema.optional(),
  events: eventsSchema.optional(),
  /** Whether it is told anything. What happens in between is not told later. */
  enabled: z.boolean().optional(),
});
export type ChangeWebhook = z.output<typeof changeWebhookSchema>;

export const webhookSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    events: z.array(webhookEventSchema),
    enabled: z.boolean(),
    createdAt: z.iso.datetime(),
    /** When its secret was made; the one before is used beside it for a day. */
    secretSince: z.iso.datetime(),
    /** In quotes, what `ETag` says and `If-Match` takes. */
    version: z.string(),
    /** How its newest delivery stands; absent before the first one. */
    lastDelivery: z.lazy(() => deliverySchema).optional(),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof webhookSchema>;

export const webhookListSchema = pageOf(webhookSchema).meta({ id: "WebhookList" });

/** Shown once: `secret` verifies signatures as in the Standard Webhooks specification. */
export const newWebhookSchema = z.object({ webhook: webhookSchema, secret: z.string() }).meta({ id: "NewWebhook" });

export const DELIVERY_STATUSES = ["waiting", "delivered", "failed"] as const;

export const deliverySchema = z
  .object({
    /** Sent as `webhook-id`: the same for every attempt. */
    id: z.uuid(),
    event: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    /** How often it was sent since it was asked for last. */
    attempts: z.int().nonnegative(),
    createdAt: z.iso.datetime(),
    /** When it is sent next; only while it waits. */
    nextAt: z.iso.datetime().optional(),
    deliveredAt: z.iso.datetime().optional(),
    /** What the address answered last. */
    answer: z.int().optional(),
    /** Why the last attempt did not succeed: a sentence. */
    reason: z.string().optional(),
    payload: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.infer<typeof deliverySchema>;

export const deliveryListSchema = pageOf(deliverySchema).meta({ id: "DeliveryList" });

export const deliveryQuerySchema = z.object({
  status: z.enum(DELIVERY_STATUSES).optional(),
  event: z.enum([...WEBHOOK_EVENTS, TEST_EVENT]).optional(),
  ...pageShape(100, 20),
});
