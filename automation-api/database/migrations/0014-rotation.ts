import { type Kysely, sql } from "kysely";

// How often the secrets of a store have been made anew.

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table stores add column rotation integer not null default 0`.execute(database);
}

/** Throws while a store has secrets that versions before this migration would not find again. */
export async function down(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from stores where deleted_at is null and (rotation > 0 or exists (
      select from operations where store_id = stores.id and kind = 'rotate'
        and status in ('queued', 'running', 'interrupted')))
    order by name`.execute(database);
  if (rows.length > 0) {
    const names = rows.map(({ name }) => name).join(", ");
    throw new Error(
      `The secrets of ${names} were made anew, which an older version does not know of: it would look for those before, and the stores could not reach their databases. Stay with this version, or delete these stores first.`,
    );
  }
  await sql`alter table stores drop column rotation`.execute(database);
}
