import type { ColumnType, Generated } from "kysely";
import type { DELIVERY_STATUSES, WebhookEvent } from "../contract/webhook.ts";

// The rows about webhooks. Column names as in `tables.ts`.

type Timestamp = ColumnType<Date, Date | undefined, Date>;
type OptionalTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface WebhookTable {
  id: Generated<string>;
  organizationId: string;
  url: string;
  description: string;
  events: ColumnType<WebhookEvent[], string, string>;
  enabled: ColumnType<boolean, boolean | undefined, boolean>;
  /** Its secret is made from this number, and is kept nowhere. */
  secretVersion: ColumnType<number, number | undefined, number>;
  secretSince: Timestamp;
  /** Grows by one with every change; the ETag. */
  version: ColumnType<number, number | undefined, number>;
  createdAt: Timestamp;
}

/** One event for one webhook: written by the database in the transaction in which it happened. */
export interface WebhookDeliveryTable {
  id: Generated<string>;
  webhookId: string;
  event: string;
  /** JSON, exactly as it is sent. */
  payload: string;
  status: ColumnType<(typeof DELIVERY_STATUSES)[number], undefined, (typeof DELIVERY_STATUSES)[number]>;
  attempts: ColumnType<number, undefined, number>;
  createdAt: Timestamp;
  /** When it is sent next, unless it is over. */
  nextAt: Timestamp;
  deliveredAt: OptionalTimestamp;
  answer: number | null;
  reason: string | null;
}

export interface WebhookTables {
  webhooks: WebhookTable;
  webhookDeliveries: WebhookDeliveryTable;
}
