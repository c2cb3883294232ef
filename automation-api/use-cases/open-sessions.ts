import type { OpenSession } from "../contract/keys.ts";
import type { Page, PageQuery } from "../contract/page.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import type { PageOfRows } from "../database/page.ts";
import { deleteSessions, listSessions } from "../database/session-repository.ts";
import { readPage } from "./cursor.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor, Principal } from "./principal.ts";

/** One page of where one is signed in, newest first. Throws a DomainError for a strange cursor. */
export async function readSessions(
  { database }: Connection,
  { userId, via }: Principal,
  query: PageQuery,
): Promise<Page<OpenSession>> {
  const find = (page: PageOfRows) => listSessions(database, userId, page);
  const { rows, next } = await readPage(`sessions of ${userId}`, "time", query, find);
  return {
    ...next,
    items: rows.map(({ id, address, agent, createdAt, seenAt, expiresAt }) => ({
      id,
      current: id === via.id,
      ...(address !== null && { address }),
      ...(agent !== null && { agent }),
      createdAt: createdAt.toISOString(),
      seenAt: seenAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    })),
  };
}

/** Signs one out somewhere else. Throws a DomainError when one has no such session. */
export async function endSession(connection: Connection, actor: Actor, id: string): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const ended = isId(id) ? await deleteSessions(transaction, actor.userId, { only: id }) : 0;
    if (ended === 0) throw new DomainError("not-found", "There is no session with this id.");
    await insertAuditEntry(transaction, { actor, action: "revoke session", subject: actor.name, before: { id } });
  });
}

/** Signs one out everywhere but here. */
export async function endOtherSessions(connection: Connection, actor: Actor, { via }: Principal): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const sessions = await deleteSessions(transaction, actor.userId, { but: via.id });
    if (sessions === 0) return;
    const action = "revoke session" as const;
    await insertAuditEntry(transaction, { actor, action, subject: actor.name, before: { sessions } });
  });
}
