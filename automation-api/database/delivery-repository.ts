import { type Selectable, sql } from "kysely";
import type { Delivery } from "../contract/webhook.ts";
import type { Database } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";
import type { WebhookDeliveryTable } from "./webhook-tables.ts";

// What is told to webhooks. Rows come from triggers in the transaction in which something happens; see the migration.

export type DeliveryRow = Selectable<WebhookDeliveryTable>;

export interface DeliveryFilter {
  readonly webhookId: string;
  readonly status: Delivery["status"] | undefined;
  readonly event: string | undefined;
}

/** One page, newest first. */
export function listDeliveries(database: Database, { webhookId, status, event }: DeliveryFilter, page: PageOfRows) {
  let query = database.selectFrom("webhookDeliveries").selectAll().where("webhookId", "=", webhookId);
  if (status !== undefined) query = query.where("status", "=", status);
  if (event !== undefined) query = query.where("event", "=", event);
  return paged(query, timeOrder("createdAt", "id", true), page).execute();
}

/** The newest delivery of each webhook, by the webhook's id. */
export async function newestDeliveries(
  database: Database,
  webhookIds: readonly string[],
): Promise<ReadonlyMap<string, DeliveryRow>> {
  if (webhookIds.length === 0) return new Map();
  const rows = await database
    .selectFrom("webhookDeliveries")
    .distinctOn("webhookId")
    .selectAll()
    .where("webhookId", "in", [...webhookIds])
    .orderBy("webhookId")
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .execute();
  return new Map(rows.map((row) => [row.webhookId, row]));
}

/** One that belongs to no event of ours, such as a test. */
export async function insertDelivery(
  database: Database,
  delivery: { webhookId: string; event: string; payload: string },
): Promise<DeliveryRow> {
  const row = await database.insertInto("webhookDeliveries").values(delivery).returningAll().executeTakeFirstOrThrow();
  await announce(database);
  return row;
}

/** Sends it once more, with the same id and text. `undefined` when the webhook has no such delivery. */
export async function replayDelivery(
  database: Database,
  webhookId: string,
  id: string,
): Promise<DeliveryRow | undefined> {
  const row = await database
    .updateTable("webhookDeliveries")
    .set({ status: "waiting", attempts: 0, nextAt: sql<Date>`clock_timestamp()`, deliveredAt: null })
    .where("id", "=", id)
    .where("webhookId", "=", webhookId)
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) await announce(database);
  return row;
}

/** Heard when the transaction is committed. */
async function announce(database: Database): Promise<void> {
  await sql`select pg_notify('webhooks', '')`.execute(database);
}

/** What is to be sent now, and where. */
export interface DueDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly event: string;
  readonly payload: string;
  /** With this one. */
  readonly attempts: number;
  readonly secretVersion: number;
  /** Whether the secret before this one is still used, too. */
  readonly secretIsNew: boolean;
}

/**
 * Takes what is due. Nobody else takes it for `seconds`; when it was not settled by then, because whoever took it died, it
 * is due again.
 */
export async function takeDue(database: Database, limit: number, seconds: number): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    update webhook_deliveries due
    set attempts = attempts + 1, next_at = clock_timestamp() + ${seconds}::float8 * interval '1 second'
    from webhooks
    where webhooks.id = due.webhook_id and webhooks.enabled and due.id in (
      select webhook_deliveries.id from webhook_deliveries join webhooks on webhooks.id = webhook_id
      where status = 'waiting' and next_at <= clock_timestamp() and webhooks.enabled
      order by next_at limit ${limit} for update of webhook_deliveries skip locked
    )
    returning due.id, due.webhook_id as "webhookId", webhooks.url, due.event, due.payload, due.attempts,
      webhooks.secret_version as "secretVersion",
      webhooks.secret_version > 1 and webhooks.secret_since > now() - interval '1 day' as "secretIsNew"`.execute(
    database,
  );
  return rows;
}

export interface Settlement {
  readonly status: Delivery["status"];
  readonly answer: number | undefined;
  readonly reason: string | undefined;
  /** Seconds until it is sent again; only for one that waits. */
  readonly again?: number | undefined;
}

/** Writes down how an attempt went, unless it was asked for anew meanwhile. */
export async function settleDelivery(
  database: Database,
  { id, attempts }: Pick<DueDelivery, "id" | "attempts">,
  { status, answer, reason, again = 0 }: Settlement,
): Promise<void> {
  await database
    .updateTable("webhookDeliveries")
    .set({ status, answer: answer ?? null, reason: reason ?? null })
    .set({ nextAt: sql<Date>`clock_timestamp() + ${again}::float8 * interval '1 second'` })
    .set({ deliveredAt: status === "delivered" ? sql<Date>`clock_timestamp()` : null })
    .where("id", "=", id)
    .where("attempts", "=", attempts)
    .execute();
}

/** Removes those that are over and older than so many days. */
export async function removeOldDeliveries(database: Database, days: number): Promise<void> {
  await sql`delete from webhook_deliveries
    where status <> 'waiting' and created_at < now() - ${days}::float8 * interval '1 day'`.execute(database);
}
