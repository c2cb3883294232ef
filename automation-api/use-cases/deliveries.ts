import type { z } from "zod";
import type { Page } from "../contract/page.ts";
import { type Delivery, type deliveryQuerySchema, TEST_EVENT } from "../contract/webhook.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { insertDelivery, listDeliveries, replayDelivery } from "../database/delivery-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { readPage } from "./cursor.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Manager } from "./members.ts";
import { requireWebhook, toDelivery } from "./webhook-answers.ts";

/** One page, newest first. Throws a DomainError for a webhook of somebody else, and for a cursor of another list. */
export async function readDeliveries(
  { database }: Connection,
  organization: string,
  id: string,
  { status, event, ...query }: z.output<typeof deliveryQuerySchema>,
): Promise<Page<Delivery>> {
  const { id: webhookId } = await requireWebhook(database, organization, id);
  const find = (page: PageOfRows) => listDeliveries(database, { webhookId, status, event }, page);
  const { rows, next } = await readPage(`deliveries to ${webhookId}`, "time", query, find);
  return { items: rows.map(toDelivery), ...next };
}

/** Sends something that says nothing. Throws a DomainError, also while the webhook is off. */
export async function testWebhook(connection: Connection, manager: Manager, id: string): Promise<Delivery> {
  const { actor, organization } = manager;
  return inTransaction(connection, async (transaction) => {
    const { url: subject, enabled } = await requireWebhook(transaction, organization, id);
    refuseOff(enabled);
    const data = { text: "This is a test.", askedBy: actor.name };
    const payload = JSON.stringify({ type: TEST_EVENT, timestamp: new Date().toISOString(), data });
    const row = await insertDelivery(transaction, { webhookId: id, event: TEST_EVENT, payload });
    const after = { delivery: row.id };
    await insertAuditEntry(transaction, { actor, organization, action: "test webhook", subject, after });
    return toDelivery(row);
  });
}

/** Sends the same once more, under the same id. Throws a DomainError, also while the webhook is off. */
export async function sendAgain(
  connection: Connection,
  { actor, organization }: Manager,
  id: string,
  delivery: string,
): Promise<Delivery> {
  return inTransaction(connection, async (transaction) => {
    const { url: subject, enabled } = await requireWebhook(transaction, organization, id);
    const row = isId(delivery) && enabled ? await replayDelivery(transaction, id, delivery) : undefined;
    refuseOff(enabled);
    if (row === undefined) throw new DomainError("not-found", "The webhook has no delivery with this id.");
    const after = { delivery };
    await insertAuditEntry(transaction, { actor, organization, action: "replay delivery", subject, after });
    return toDelivery(row);
  });
}

function refuseOff(enabled: boolean): void {
  if (enabled) return;
  throw new DomainError("conflict", "The webhook is off; turn it on first.", { type: "webhook-off" });
}
