import type { OpenSession } from "../contract/keys.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import { deleteSessions, listSessions } from "../database/session-repository.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor, Principal } from "./principal.ts";

/** Everywhere one is signed in; where it was used last first. */
export async function readSessions(
  { database }: Connection,
  { userId, via }: Principal,
): Promise<{ items: OpenSession[] }> {
  const rows = await listSessions(database, userId);
  return {
    items: rows.map(({ address, agent, createdAt, seenAt, expiresAt, ...row }) => ({
      ...row,
      current: row.id === via.id,
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
