import { type Kysely, sql } from "kysely";

// Who is told what happens, and what there is to tell: written by triggers, so that nothing happens without a row of it.

/** Findings that say that something of a store is not as we left it. */
const DRIFT = [
  "missing-namespace",
  "missing-stack",
  "missing-object",
  "release-missing",
  "release-stuck",
  "release-failed",
];

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhooks (
      id uuid primary key default gen_random_uuid(),
      organization_id uuid not null references organizations (id) on delete cascade,
      url text not null,
      description text not null,
      events jsonb not null,
      enabled boolean not null default true,
      secret_version integer not null default 1,
      secret_since timestamptz not null default now(),
      version integer not null default 1,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(database);
  await sql`create index webhooks_of_organization on webhooks (organization_id)`.execute(database);
  await sql`
    create table webhook_deliveries (
      id uuid primary key default gen_random_uuid(),
      webhook_id uuid not null references webhooks (id) on delete cascade,
      event text not null,
      payload text not null,
      status text not null default 'waiting',
      attempts integer not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      next_at timestamptz not null default clock_timestamp(),
      delivered_at timestamptz,
      answer integer,
      reason text
    )`.execute(database);
  await sql`create index webhook_deliveries_due on webhook_deliveries (next_at) where status = 'waiting'`.execute(
    database,
  );
  await sql`create index webhook_deliveries_newest on webhook_deliveries (webhook_id, created_at desc, id desc)`.execute(
    database,
  );
  await createFunctions(database);
  await createTriggers(database);
}

async function createFunctions(database: Kysely<unknown>): Promise<void> {
  await sql`
    create function tell_webhooks(organization uuid, about text, data json) returns void language plpgsql as $$
    begin
      insert into webhook_deliveries (webhook_id, event, payload)
      select id, about, json_build_object(
        'type', about, 'timestamp', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', data)::text
      from webhooks where organization_id = organization and enabled and events ? about;
      if found then perform pg_notify('webhooks', ''); end if;
    end $$`.execute(database);
  await sql`
    create function tell_of_store() returns trigger language plpgsql as $$
    begin
      perform tell_webhooks(new.organization_id, 'store.' || new.status, json_strip_nulls(json_build_object(
        'store', new.name, 'status', new.status, 'reason', new.reason,
        'engine', new.spec ->> 'engine', 'plan', new.spec ->> 'plan', 'url', new.outputs ->> 'url')));
      return null;
    end $$`.execute(database);
  await sql`
    create function tell_of_operation() returns trigger language plpgsql as $$
    declare
      store stores%rowtype;
    begin
      select * into store from stores where id = new.store_id;
      perform tell_webhooks(store.organization_id, 'operation.finished', json_strip_nulls(json_build_object(
        'operation', new.id, 'store', store.name, 'kind', new.kind, 'status', new.status, 'reason', new.reason,
        'askedBy', new.asked_by, 'correlationId', new.correlation_id,
        'seconds', round(extract(epoch from new.finished_at - new.queued_at)::numeric, 3))));
      return null;
    end $$`.execute(database);
  await sql`
    create function tell_of_drift() returns trigger language plpgsql as $$
    declare
      store stores%rowtype;
    begin
      select * into store from stores where deleted_at is null
        and (name = new.subject or new.subject like '% store-' || name || '/%') limit 1;
      if found then
        perform tell_webhooks(store.organization_id, 'store.drifted', json_build_object(
          'store', store.name, 'kind', new.kind, 'text', new.text));
      end if;
      return null;
    end $$`.execute(database);
}

async function createTriggers(database: Kysely<unknown>): Promise<void> {
  await sql`
    create trigger webhooks after update of status on stores for each row
    when (old.status is distinct from new.status and new.status in ('ready', 'failed', 'deleted'))
    execute function tell_of_store()`.execute(database);
  await sql`
    create trigger webhooks after update of status on operations for each row
    when (old.status is distinct from new.status and new.status in ('succeeded', 'failed', 'cancelled'))
    execute function tell_of_operation()`.execute(database);
  await sql`
    create trigger webhooks after insert on findings for each row
    when (new.kind in (${sql.join(DRIFT.map((kind) => sql.lit(kind)))}))
    execute function tell_of_drift()`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const table of ["stores", "operations", "findings"]) {
    await sql`drop trigger webhooks on ${sql.table(table)}`.execute(database);
  }
  for (const name of ["tell_of_store()", "tell_of_operation()", "tell_of_drift()", "tell_webhooks(uuid, text, json)"]) {
    await sql`drop function ${sql.raw(name)}`.execute(database);
  }
  await sql`drop table webhook_deliveries`.execute(database);
  await sql`drop table webhooks`.execute(database);
}
