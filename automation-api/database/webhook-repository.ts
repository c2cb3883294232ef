import { type Selectable, sql } from "kysely";
import type { WebhookEvent } from "../contract/webhook.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";
import type { WebhookTable } from "./webhook-tables.ts";

export type WebhookRow = Selectable<WebhookTable>;

/** Most webhooks of one organization. */
export const MOST_WEBHOOKS = 20;

/** One page of those of an organization, oldest first. */
export function listWebhooks(database: Database, organizationId: string, page: PageOfRows) {
  const all = database.selectFrom("webhooks").selectAll().where("organizationId", "=", organizationId);
  return paged(all, timeOrder("createdAt", "id"), page).execute();
}

export async function countWebhooks(database: Database, organizationId: string): Promise<number> {
  const row = await database
    .selectFrom("webhooks")
    .select(sql<number>`count(*)::int`.as("count"))
    .where("organizationId", "=", organizationId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export function findWebhook(database: Database, organizationId: string, id: string): Promise<WebhookRow | undefined> {
  return database
    .selectFrom("webhooks")
    .selectAll()
    .where("organizationId", "=", organizationId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export function insertWebhook(
  database: Database,
  webhook: { organizationId: string; url: string; description: string; events: readonly WebhookEvent[] },
): Promise<WebhookRow> {
  return database
    .insertInto("webhooks")
    .values({ ...webhook, events: JSON.stringify(webhook.events) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly enabled?: boolean | undefined;
}

/** What is left out stays as it is. `undefined` when the webhook is not there. */
export function changeWebhookRow(
  database: Database,
  id: string,
  change: WebhookChange,
): Promise<WebhookRow | undefined> {
  const { events, ...rest } = change;
  return database
    .updateTable("webhooks")
    .set({ ...rest, ...(events !== undefined && { events: JSON.stringify(events) }) })
    .set({ version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** Gives it the number of a new secret. */
export function rotateSecret(database: Database, id: string): Promise<WebhookRow | undefined> {
  return database
    .updateTable("webhooks")
    .set({ secretVersion: sql<number>`secret_version + 1`, secretSince: sql<Date>`now()` })
    .set({ version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** And everything that was to be told to it. */
export async function deleteWebhook(database: Database, id: string): Promise<void> {
  await database.deleteFrom("webhooks").where("id", "=", id).execute();
}
