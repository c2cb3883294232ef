import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table stores (
      id uuid primary key,
      name text not null,
      spec jsonb not null,
      status text not null,
      reason text,
      outputs jsonb not null default '{}',
      resources jsonb not null default '[]',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      deleted_at timestamptz
    )`.execute(database);
  await sql`create unique index stores_living_name on stores (name) where deleted_at is null`.execute(database);

  await sql`
    create table workers (
      id uuid primary key,
      hostname text not null,
      pid integer not null,
      process_start text not null,
      locked_as text,
      started_at timestamptz not null default now(),
      heartbeat_at timestamptz not null default now(),
      stopped_at timestamptz
    )`.execute(database);

  await sql`
    create table operations (
      id uuid primary key,
      store_id uuid not null references stores (id),
      kind text not null,
      status text not null,
      attempt integer not null default 0,
      asked_by text not null,
      worker_id uuid references workers (id),
      queued_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      cancel_requested_at timestamptz,
      progress jsonb not null,
      reason text
    )`.execute(database);
  await sql`create index operations_of_store on operations (store_id, queued_at desc)`.execute(database);
  await sql`create index operations_newest on operations (queued_at desc)`.execute(database);
  await sql`create index operations_finished on operations (finished_at desc) where finished_at is not null`.execute(
    database,
  );
  // One operation at a time works on a store, whatever the workers believe: the database refuses a second one.
  await sql`
    create unique index operations_one_running on operations (store_id)
    where status in ('running', 'interrupted')`.execute(database);

  await sql`
    create table progress_events (
      operation_id uuid not null references operations (id) on delete cascade,
      sequence integer not null,
      at timestamptz not null default now(),
      kind text not null,
      severity text not null,
      text text not null,
      status text not null,
      progress jsonb not null,
      primary key (operation_id, sequence)
    )`.execute(database);

  await sql`
    create table sign_in_tokens (
      hash text primary key,
      user_name text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    )`.execute(database);
  await sql`
    create table sessions (
      hash text primary key,
      user_name text not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`.execute(database);
  await sql`
    create table idempotency_keys (
      user_name text not null,
      key text not null,
      request_hash text not null,
      operation_id uuid not null references operations (id) on delete cascade,
      created_at timestamptz not null default now(),
      primary key (user_name, key)
    )`.execute(database);
  await sql`
    create table audit_entries (
      id bigserial primary key,
      at timestamptz not null default now(),
      actor text not null,
      action text not null,
      subject text not null,
      detail jsonb not null default '{}'
    )`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const table of [
    "audit_entries",
    "idempotency_keys",
    "sessions",
    "sign_in_tokens",
    "progress_events",
    "operations",
    "workers",
    "stores",
  ]) {
    await sql`drop table ${sql.table(table)}`.execute(database);
  }
}
