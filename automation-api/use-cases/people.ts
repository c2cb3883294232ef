import type { Page, PageQuery } from "../contract/page.ts";
import type { Person } from "../contract/people.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, inTransaction } from "../database/connection.ts";
import type { PageOfRows } from "../database/page.ts";
import { hasUser, listUsers } from "../database/user-repository.ts";
import { readPage } from "./cursor.ts";
import { DomainError } from "./domain-error.ts";
import { isId } from "./ids.ts";
import type { Actor } from "./principal.ts";
import { createSignInToken, TOKEN_SECONDS } from "./sessions.ts";

/** One page of everybody, for administrators of the platform. Throws a DomainError for a strange cursor. */
export async function readPeople({ database }: Connection, query: PageQuery): Promise<Page<Person>> {
  const { rows, next } = await readPage("people", "time", query, (page: PageOfRows) => listUsers(database, page));
  return {
    ...next,
    items: rows.map(({ id, name, administrator, memberships, createdAt, email }) => ({
      id,
      name,
      administrator,
      ...(email !== null && { email }),
      organizations: memberships.map(({ name, role }) => ({ name, role })),
      createdAt: createdAt.toISOString(),
    })),
  };
}

/** A token that signs somebody in who has lost every other way. Throws a DomainError when there is nobody with this id. */
export async function issueSignInToken(
  connection: Connection,
  actor: Actor,
  id: string,
): Promise<{ token: string; expiresAt: Date }> {
  return inTransaction(connection, async (transaction) => {
    if (!isId(id) || !(await hasUser(transaction, id))) {
      throw new DomainError("not-found", "There is nobody with this id.");
    }
    const token = await createSignInToken({ database: transaction }, id);
    await insertAuditEntry(transaction, { actor, action: "issue sign-in link", subject: id });
    return { token, expiresAt: new Date(Date.now() + TOKEN_SECONDS * 1000) };
  });
}
