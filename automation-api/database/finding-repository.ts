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

/** Something that was found, and the name of the cluster that was looked at. */
export type PlacedProblem = FoundProblem & { readonly cluster: string };

/**
 * Writes down what was found this time; what was found before and is not any more is over.
 * @param unseen names of clusters that could not be looked at: what was found there before still holds
 */
export async function replaceFindings(
  connection: Connection,
  found: readonly PlacedProblem[],
  unseen: readonly string[],
): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(transaction);
    const begin = rows[0]?.now ?? new Date(0);
    for (const { kind, subject, text, cluster } of found) {
      await sql`insert into findings (kind, subject, text, cluster) values (${kind}, ${subject}, ${text}, ${cluster})
        on conflict (kind, subject) where resolved_at is null
        do update set text = excluded.text, last_seen_at = clock_timestamp()`.execute(transaction);
    }
    await sql`update findings set resolved_at = clock_timestamp()
      where resolved_at is null and last_seen_at < ${begin} and cluster <> all(${[...unseen]}::text[])`.execute(
      transaction,
    );
  });
}
