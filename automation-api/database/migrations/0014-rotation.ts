import { type Kysely, sql } from "kysely";

// How often the secrets of a store have been made anew.

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table stores add column rotation integer not null default 0`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await sql`alter table stores drop column rotation`.execute(database);
}
