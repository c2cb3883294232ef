import type { Delivery, Webhook } from "../contract/webhook.ts";
import type { Database } from "../database/connection.ts";
import { type DeliveryRow, newestDeliveries } from "../database/delivery-repository.ts";
import { findWebhook, type WebhookRow } from "../database/webhook-repository.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import { refuseStale } from "./versions.ts";

// Webhooks and their deliveries as the contract tells them.

export async function told(database: Database, row: WebhookRow): Promise<Webhook> {
  const newest = (await newestDeliveries(database, [row.id])).get(row.id);
  return toWebhook(row, newest && toDelivery(newest));
}

export function toWebhook(row: WebhookRow, lastDelivery: Webhook["lastDelivery"]): Webhook {
  const { id, url, description, events, enabled, createdAt, secretSince } = row;
  const times = { createdAt: createdAt.toISOString(), secretSince: secretSince.toISOString() };
  const version = String(row.version);
  return { id, url, description, events, enabled, ...times, version, ...(lastDelivery && { lastDelivery }) };
}

export function toDelivery(row: DeliveryRow): Delivery {
  const { id, event, status, attempts, createdAt, nextAt, deliveredAt, answer, reason, payload } = row;
  return {
    id,
    event,
    status,
    attempts,
    createdAt: createdAt.toISOString(),
    ...(status === "waiting" && { nextAt: nextAt.toISOString() }),
    ...(deliveredAt !== null && { deliveredAt: deliveredAt.toISOString() }),
    ...(answer !== null && { answer }),
    ...(reason !== null && { reason }),
    payload: JSON.parse(payload),
  };
}

export const noWebhook = () => new DomainError("not-found", "There is no webhook with this id.");

/** Throws a DomainError when there is none in the organization, or not in this version. */
export async function requireWebhook(
  database: Database,
  organization: string,
  id: string,
  seen?: string,
): Promise<WebhookRow> {
  const row = isId(id) ? await findWebhook(database, organization, id) : undefined;
  if (row === undefined) throw noWebhook();
  refuseStale("the webhook", String(row.version), seen);
  return row;
}
