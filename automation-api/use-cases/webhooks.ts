import type { z } from "zod";
import type { Page, PageQuery } from "../contract/page.ts";
import type { ChangeWebhook, createWebhookSchema, Webhook } from "../contract/webhook.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import { newestDeliveries } from "../database/delivery-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { readSettings } from "../database/settings-repository.ts";
import { decideAlone } from "../database/store-repository.ts";
import {
  changeWebhookRow,
  countWebhooks,
  deleteWebhook,
  insertWebhook,
  listWebhooks,
  MOST_WEBHOOKS,
  rotateSecret,
  type WebhookRow,
} from "../database/webhook-repository.ts";
import { refusePrivate } from "../webhooks/post.ts";
import type { SecretMaker } from "../webhooks/signature.ts";
import { readPage } from "./cursor.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import type { Manager } from "./members.ts";
import { noWebhook, requireWebhook, toDelivery, told, toWebhook } from "./webhook-answers.ts";

/** A webhook, and the version of it that was seen; left out: whatever it is. */
export interface SeenWebhook {
  readonly id: string;
  readonly seen?: string | undefined;
}

/** One page of those of an organization, oldest first. Throws a DomainError for a strange cursor. */
export async function readWebhooks(
  { database }: Connection,
  organization: string,
  query: PageQuery,
): Promise<Page<Webhook>> {
  const find = (page: PageOfRows) => listWebhooks(database, organization, page);
  const { rows, next } = await readPage(`webhooks of ${organization}`, "time", query, find);
  const ids = rows.map(({ id }) => id);
  const newest = await newestDeliveries(database, ids);
  const items = rows.map((row) => {
    const last = newest.get(row.id);
    return toWebhook(row, last && toDelivery(last));
  });
  return { items, ...next };
}

/** Throws a DomainError when the organization has no such webhook. */
export async function readWebhook({ database }: Connection, organization: string, id: string): Promise<Webhook> {
  return told(database, await requireWebhook(database, organization, id));
}

export interface WebhookAndSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** A new webhook and its secret. Throws a DomainError for an address it must not have, and when there are too many. */
export async function createWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  secrets: SecretMaker | undefined,
  wanted: z.output<typeof createWebhookSchema>,
): Promise<WebhookAndSecret> {
  const { secretOf } = requireSecrets(secrets);
  return inTransaction(connection, async (transaction) => {
    await refuseAddress(transaction, wanted.url);
    await decideAlone(transaction, `webhooks ${organization}`);
    if ((await countWebhooks(transaction, organization)) >= MOST_WEBHOOKS) {
      const message = `The organization has ${MOST_WEBHOOKS} webhooks, which is the most; delete one first.`;
      throw new DomainError("conflict", message, { type: "too-many-webhooks" });
    }
    const row = await insertWebhook(transaction, { organizationId: organization, ...wanted });
    const { id, url: subject } = row;
    const after = { id, events: row.events };
    await insertAuditEntry(transaction, { actor, organization, action: "create webhook", subject, after });
    return { webhook: await told(transaction, row), secret: secretOf(id, row.secretVersion) };
  });
}

/** Throws a DomainError when it is not in the version that was seen any more. */
export async function changeWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  { id, seen }: SeenWebhook,
  change: ChangeWebhook,
): Promise<Webhook> {
  return inTransaction(connection, async (transaction) => {
    const before = await requireWebhook(transaction, organization, id, seen);
    if (change.url !== undefined) await refuseAddress(transaction, change.url);
    const row = await changeWebhookRow(transaction, id, change);
    if (row === undefined) throw noWebhook();
    const said = ({ url, description, events, enabled }: WebhookRow) => ({ url, description, events, enabled });
    const entry = { actor, organization, subject: row.url, before: said(before), after: said(row) };
    await insertAuditEntry(transaction, { ...entry, action: "change webhook" });
    return told(transaction, row);
  });
}

/** A new secret; the one before signs beside it for a day. Throws a DomainError. */
export async function renewSecret(
  connection: Connection,
  { actor, organization }: Manager,
  secrets: SecretMaker | undefined,
  { id, seen }: SeenWebhook,
): Promise<WebhookAndSecret> {
  const { secretOf } = requireSecrets(secrets);
  return inTransaction(connection, async (transaction) => {
    await requireWebhook(transaction, organization, id, seen);
    const row = await rotateSecret(transaction, id);
    if (row === undefined) throw noWebhook();
    const entry = { actor, organization, subject: row.url, after: { id, number: row.secretVersion } };
    await insertAuditEntry(transaction, { ...entry, action: "rotate webhook secret" });
    return { webhook: await told(transaction, row), secret: secretOf(id, row.secretVersion) };
  });
}

/** And all its deliveries. Throws a DomainError. */
export async function removeWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  { id, seen }: SeenWebhook,
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const { url: subject } = await requireWebhook(transaction, organization, id, seen);
    await deleteWebhook(transaction, id);
    const entry = { actor, organization, subject, before: { id } };
    await insertAuditEntry(transaction, { ...entry, action: "delete webhook" });
  });
}

function requireSecrets(secrets: SecretMaker | undefined): SecretMaker {
  if (secrets !== undefined) return secrets;
  throw new DomainError("conflict", "There is no key to sign with; an administrator sets STOREFLEET_SIGNING_KEY.", {
    type: "no-signing-key",
  });
}

/** What can be told at once; names are looked up anew for every delivery. Throws a DomainError. */
async function refuseAddress(database: Database, url: string): Promise<void> {
  const { settings } = await readSettings(database);
  if (settings.webhooksToPrivateAddresses) return;
  try {
    refusePrivate(url);
  } catch (error) {
    throw invalidField("url", error instanceof Error ? error.message : "The address cannot be used.");
  }
}
