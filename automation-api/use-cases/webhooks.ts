import type { z } from "zod";
import type { ChangeWebhook, createWebhookSchema, Webhook } from "../contract/webhook.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import { newestDeliveries } from "../database/delivery-repository.ts";
import { readSettings } from "../database/settings-repository.ts";
import { decideAlone } from "../database/store-repository.ts";
import {
  changeWebhookRow,
  deleteWebhook,
  insertWebhook,
  listWebhooks,
  MOST_WEBHOOKS,
  rotateSecret,
  type WebhookRow,
} from "../database/webhook-repository.ts";
import { refusePrivate } from "../webhooks/post.ts";
import type { SecretMaker } from "../webhooks/signature.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import type { Manager } from "./members.ts";
import { noWebhook, requireWebhook, toDelivery, told, toWebhook, type VersionedWebhook } from "./webhook-answers.ts";

/** Those of an organization, oldest first. */
export async function readWebhooks({ database }: Connection, organization: string): Promise<{ items: Webhook[] }> {
  const rows = await listWebhooks(database, organization);
  const ids = rows.map(({ id }) => id);
  const newest = await newestDeliveries(database, ids);
  const items = rows.map((row) => {
    const last = newest.get(row.id);
    return toWebhook(row, last && toDelivery(last));
  });
  return { items };
}

/** Throws a DomainError when the organization has no such webhook. */
export async function readWebhook(
  { database }: Connection,
  organization: string,
  id: string,
): Promise<VersionedWebhook> {
  return told(database, await requireWebhook(database, organization, id));
}

/** A new webhook and its secret. Throws a DomainError for an address it must not have, and when there are too many. */
export async function createWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  secrets: SecretMaker | undefined,
  wanted: z.output<typeof createWebhookSchema>,
): Promise<VersionedWebhook & { secret: string }> {
  const { secretOf } = requireSecrets(secrets);
  return inTransaction(connection, async (transaction) => {
    await refuseAddress(transaction, wanted.url);
    await decideAlone(transaction, `webhooks ${organization}`);
    if ((await listWebhooks(transaction, organization)).length >= MOST_WEBHOOKS) {
      const message = `The organization has ${MOST_WEBHOOKS} webhooks, which is the most; delete one first.`;
      throw new DomainError("conflict", message, { type: "too-many-webhooks" });
    }
    const row = await insertWebhook(transaction, { organizationId: organization, ...wanted });
    const { id, url: subject } = row;
    const after = { id, events: row.events };
    await insertAuditEntry(transaction, { actor, organization, action: "create webhook", subject, after });
    return { ...(await told(transaction, row)), secret: secretOf(id, row.secretVersion) };
  });
}

/** `version` is the one that was seen; left out: whatever it is. Throws a DomainError when it is another one by now. */
export async function changeWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  { id, version }: { id: string; version: number | undefined },
  change: ChangeWebhook,
): Promise<VersionedWebhook> {
  return inTransaction(connection, async (transaction) => {
    const before = await requireWebhook(transaction, organization, id, version);
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
  id: string,
): Promise<VersionedWebhook & { secret: string }> {
  const { secretOf } = requireSecrets(secrets);
  return inTransaction(connection, async (transaction) => {
    await requireWebhook(transaction, organization, id);
    const row = await rotateSecret(transaction, id);
    if (row === undefined) throw noWebhook();
    const entry = { actor, organization, subject: row.url, after: { id, number: row.secretVersion } };
    await insertAuditEntry(transaction, { ...entry, action: "rotate webhook secret" });
    return { ...(await told(transaction, row)), secret: secretOf(id, row.secretVersion) };
  });
}

/** And all its deliveries. Throws a DomainError. */
export async function removeWebhook(
  connection: Connection,
  { actor, organization }: Manager,
  { id, version }: { id: string; version: number | undefined },
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const { url: subject } = await requireWebhook(transaction, organization, id, version);
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
