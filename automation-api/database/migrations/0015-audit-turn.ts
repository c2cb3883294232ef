import { type Kysely, sql } from "kysely";

// Everybody who writes to the audit log waits for the one before: they wait for one answer less. Within a function each
// statement sees what was committed when it begins, and so the entry of whoever had the turn before.

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create function take_audit_turn() returns text language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('audit', 0));
      return (select hash from audit_entries where hash is not null order by id desc limit 1);
    end $$`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await sql`drop function take_audit_turn()`.execute(database);
}
