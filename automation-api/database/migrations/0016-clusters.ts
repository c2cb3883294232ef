import { type Kysely, sql } from "kysely";

// Clusters in which stores may run besides the one of the configuration, which has no row and is called "home".

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table clusters (
      id uuid primary key default gen_random_uuid(),
      name text not null unique,
      description text not null,
      kubeconfig text not null,
      server text not null,
      context text not null,
      target jsonb not null,
      state text not null default 'active' check (state in ('active', 'draining')),
      server_version text,
      seen_at timestamptz,
      away_since timestamptz,
      trouble text,
      version integer not null default 1,
      created_by text not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(database);
  await sql`alter table stores add column cluster text not null default 'home'`.execute(database);
  await sql`create index stores_elsewhere on stores (cluster) where deleted_at is null and cluster <> 'home'`.execute(
    database,
  );
  // What was found in a cluster holds while that cluster cannot be looked at.
  await sql`alter table findings add column cluster text not null default 'home'`.execute(database);
}

/** Throws while a store runs in another cluster: versions before this migration would look for it at home. */
export async function down(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from stores where deleted_at is null and cluster <> 'home' order by name`.execute(database);
  if (rows.length > 0) {
    const names = rows.map(({ name }) => name).join(", ");
    throw new Error(
      `The cluster of ${names} is one that an older version does not know of: it would make these stores a second time, at home. Stay with this version, or delete these stores first.`,
    );
  }
  await sql`alter table findings drop column cluster`.execute(database);
  await sql`alter table stores drop column cluster`.execute(database);
  await sql`drop table clusters`.execute(database);
}
