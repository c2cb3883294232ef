import type { z } from "zod";
import { type createKeySchema, KEY_PREFIX, type Key } from "../contract/keys.ts";
import type { Page, PageQuery } from "../contract/page.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { findKey, insertKey, type KeyOwner, type KeyRow, listKeys, revokeKey } from "../database/key-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { noOrganization } from "./authorize.ts";
import { readPage } from "./cursor.ts";
import { DomainError, invalidField } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor, Principal } from "./principal.ts";
import { hashOf, inSeconds, newSecret } from "./secrets.ts";
import { refuseStale, versionOfKey } from "./versions.ts";

function toKey({ id, name, hint, user, organization, scopes, createdAt, expiresAt, seenAt }: KeyRow): Key {
  return {
    id,
    name,
    hint,
    user,
    organization,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(seenAt !== null && { seenAt: seenAt.toISOString() }),
  };
}

/** One page of keys that can still be used, newest first. Throws a DomainError for a strange cursor. */
export async function readKeys({ database }: Connection, owner: KeyOwner, query: PageQuery): Promise<Page<Key>> {
  const list = `keys of ${owner.userId ?? "everybody"} in ${owner.organizationId ?? "all"}`;
  const { rows, next } = await readPage(list, "time", query, (page: PageOfRows) => listKeys(database, owner, page));
  return { items: rows.map(toKey), ...next };
}

/** Throws a DomainError when the owner has no such key. */
export async function readKey({ database }: Pick<Connection, "database">, owner: KeyOwner, id: string): Promise<Key> {
  const row = isId(id) ? await findKey(database, owner, id) : undefined;
  if (row === undefined) throw noKey();
  return toKey(row);
}

const noKey = () => new DomainError("not-found", "There is no key with this id.");

/** One's own keys: with a key only those of its organization. */
export function ownKeys({ userId, memberships, via }: Principal): KeyOwner {
  return { userId, ...(via.kind === "key" && { organizationId: memberships[0]?.organization }) };
}

/**
 * A new key, and what it is used by, which is kept nowhere. Throws a DomainError when the organization is not one's own,
 * or when one is known by a key that may less than the new one.
 */
export async function createKey(
  connection: Connection,
  { principal, actor }: { principal: Principal; actor: Actor },
  { name, organization, scopes, days }: z.output<typeof createKeySchema>,
): Promise<{ key: Key; secret: string }> {
  const { via } = principal;
  if (via.kind === "key" && !scopes.every((scope) => via.scopes.includes(scope))) {
    throw new DomainError("forbidden", "A key cannot make another one that may more than itself.", {
      type: "forbidden",
    });
  }
  const organizationId = organizationFor(principal, organization);
  const secret = `${KEY_PREFIX}${newSecret()}`;
  return inTransaction(connection, async (transaction) => {
    const row = await insertKey(transaction, {
      userId: principal.userId,
      organizationId,
      name,
      hash: hashOf(secret),
      hint: secret.slice(0, KEY_PREFIX.length + 4),
      scopes: [...new Set(scopes)],
      expiresAt: inSeconds(days * 24 * 3600),
    });
    await insertAuditEntry(transaction, {
      actor,
      organization: organizationId,
      action: "create key",
      subject: name,
      after: { id: row.id, scopes: row.scopes, expiresAt: row.expiresAt.toISOString() },
    });
    return { key: toKey(row), secret };
  });
}

function organizationFor({ memberships }: Principal, name: string | undefined): string {
  const [only, another] = memberships;
  if (name === undefined && another !== undefined) {
    const names = memberships.map((membership) => membership.name).join(", ");
    throw invalidField("organization", `Say for which organization; yours are: ${names}.`);
  }
  const found = name === undefined ? only : memberships.find((membership) => membership.name === name);
  if (found === undefined) throw noOrganization();
  return found.organization;
}

/** `seen` is the version that was seen; left out: whatever it is. Throws a DomainError when the owner has no such key. */
export async function endKey(
  connection: Connection,
  actor: Actor,
  owner: KeyOwner,
  { id, seen }: { id: string; seen?: string | undefined },
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    refuseStale("the key", versionOfKey(await readKey({ database: transaction }, owner, id)), seen);
    const revoked = await revokeKey(transaction, owner, id);
    if (revoked === undefined) throw noKey();
    const { name: subject, organizationId: organization } = revoked;
    await insertAuditEntry(transaction, { actor, organization, action: "revoke key", subject, before: { id } });
  });
}
