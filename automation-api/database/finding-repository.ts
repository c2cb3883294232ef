import { sql } from "kysely";
import type { FoundProblem } from "../domain/reconcile.ts";
import { type Connection, type Database, inTransaction } from "./connection.ts";
import { type PageOfRows, paged, timeOrder } from "./page.ts";

/** One page of what holds now, oldest first. */
export function openFindings(database: Database, page: PageOfRows) {
  const open = database
    .selectFrom("findings")
    .select(["id", "kind", "subject", "text", "firstSeenAt", "lastSeenAt"])
    .where("resolvedAt", "is", null);
  return paged(open, timeOrder("firstSeenAt", "id"), page).execute();
}

/** Writes down what was found this time; what was found before and is not any more is over. */
export async function replaceFindings(connection: Connection, found: readonly FoundProblem[]): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(transaction);
    const begin = rows[0]?.now ?? new Date(0);
    for (const { kind, subject, text } of found) {
      await sql`insert into findings (kind, subject, text) values (${kind}, ${subject}, ${text})
        on conflict (kind, subject) where resolved_at is null
        do update set text = excluded.text, last_seen_at = clock_timestamp()`.execute(transaction);
    }
    await sql`update findings set resolved_at = clock_timestamp()
      where resolved_at is null and last_seen_at < ${begin}`.execute(transaction);
  });
}
