import { sql } from "kysely";
import type { Finding } from "../contract/finding.ts";
import type { FoundProblem } from "../domain/reconcile.ts";
import { type Connection, type Database, inTransaction } from "./connection.ts";

/** Most findings that are told at once. */
const MOST = 1000;

/** What holds now, oldest first. */
export async function openFindings(database: Database): Promise<Finding[]> {
  const rows = await database
    .selectFrom("findings")
    .select(["id", "kind", "subject", "text", "firstSeenAt", "lastSeenAt"])
    .where("resolvedAt", "is", null)
    .orderBy("firstSeenAt")
    .orderBy("id")
    .limit(MOST)
    .execute();
  return rows.map(({ firstSeenAt, lastSeenAt, ...row }) => ({
    ...row,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }));
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
