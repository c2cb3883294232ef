import { type Kysely, sql } from "kysely";

const statements = [
  `create table organizations (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    display_name text not null,
    created_at timestamptz not null default now()
  )`,
  `create table users (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    administrator boolean not null default false,
    local boolean not null default false,
    created_at timestamptz not null default now()
  )`,
  // The one who signs in by the link that this machine prints.
  `create unique index users_local on users (local) where local`,
  `create table members (
    organization_id uuid not null references organizations (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    role text not null check (role in ('viewer', 'member', 'admin', 'owner')),
    created_at timestamptz not null default now(),
    primary key (organization_id, user_id)
  )`,
  `create index members_of_user on members (user_id)`,
  `create table invitations (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    role text not null check (role in ('viewer', 'member', 'admin', 'owner')),
    note text,
    hash text not null unique,
    invited_by uuid references users (id) on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz
  )`,
  `create index invitations_of_organization on invitations (organization_id)`,

  // Whatever was there before belonged to the one person there was.
  `insert into organizations (name, display_name) values ('main', 'Main')`,
  `insert into users (name, administrator, local) values ('owner', true, true)`,
  `insert into members (organization_id, user_id, role)
    select organizations.id, users.id, 'owner' from organizations, users`,

  `alter table stores add column organization_id uuid references organizations (id)`,
  `update stores set organization_id = (select id from organizations)`,
  `alter table stores alter column organization_id set not null`,
  `create index stores_name on stores (name)`,
  `create index stores_of_organization on stores (organization_id)`,

  `alter table sign_in_tokens add column user_id uuid references users (id) on delete cascade`,
  `update sign_in_tokens set user_id = (select id from users)`,
  `alter table sign_in_tokens alter column user_id set not null, drop column user_name`,

  `alter table sessions
    add column id uuid not null unique default gen_random_uuid(),
    add column user_id uuid references users (id) on delete cascade,
    add column address text,
    add column agent text,
    add column seen_at timestamptz not null default now()`,
  `update sessions set user_id = (select id from users)`,
  `alter table sessions alter column user_id set not null, drop column user_name`,
  `create index sessions_of_user on sessions (user_id)`,

  `alter table idempotency_keys add column user_id uuid references users (id) on delete cascade`,
  `update idempotency_keys set user_id = (select id from users)`,
  `alter table idempotency_keys drop constraint idempotency_keys_pkey`,
  `alter table idempotency_keys drop column user_name, add primary key (user_id, key)`,

  `alter table audit_entries
    add column actor_id uuid,
    add column via text,
    add column address text,
    add column agent text,
    add column correlation_id text,
    add column organization_id uuid,
    add column before jsonb`,
  `alter table audit_entries rename column detail to after`,
  `alter table audit_entries alter column after drop not null, alter column after drop default`,
  `update audit_entries set organization_id = (select id from organizations), actor_id = (select id from users)`,
  // What was written before the chain has no hash. Unique: two entries cannot follow the same one.
  `alter table audit_entries
    add column outcome text not null default 'done',
    add column previous_hash text unique,
    add column hash text unique`,
  `create index audit_entries_of_organization on audit_entries (organization_id, id desc)`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'Audit entries are only ever added.' using errcode = 'insufficient_privilege'; end $$`,
  `create trigger audit_entries_stay before update or delete on audit_entries
    for each row execute function refuse_audit_change()`,
  `create trigger audit_entries_stay_all before truncate on audit_entries
    for each statement execute function refuse_audit_change()`,

  `create table api_keys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    organization_id uuid not null references organizations (id) on delete cascade,
    name text not null,
    hash text not null unique,
    hint text not null,
    scopes jsonb not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    seen_at timestamptz,
    revoked_at timestamptz
  )`,
  `create index api_keys_of_user on api_keys (user_id)`,
  `create index api_keys_of_organization on api_keys (organization_id)`,

  // One row at most.
  `create table settings (
    only_one boolean primary key default true check (only_one),
    value jsonb not null,
    version integer not null,
    updated_at timestamptz not null default now()
  )`,
  // Not worth a log: after a crash everybody begins anew.
  `create unlogged table rate_limits (
    key text primary key,
    count integer not null,
    ends_at timestamptz not null
  )`,
];

const back = [
  `drop table rate_limits`,
  `drop table settings`,
  `drop table api_keys`,
  `drop trigger audit_entries_stay on audit_entries`,
  `drop trigger audit_entries_stay_all on audit_entries`,
  `drop function refuse_audit_change`,
  `drop index audit_entries_of_organization`,
  `update audit_entries set after = '{}' where after is null`,
  `alter table audit_entries alter column after set default '{}', alter column after set not null`,
  `alter table audit_entries rename column after to detail`,
  `alter table audit_entries drop column actor_id, drop column via, drop column address, drop column agent,
    drop column correlation_id, drop column organization_id, drop column before,
    drop column outcome, drop column previous_hash, drop column hash`,
  `delete from idempotency_keys`,
  `alter table idempotency_keys drop column user_id`,
  `alter table idempotency_keys add column user_name text not null, add primary key (user_name, key)`,
  `delete from sessions`,
  `alter table sessions drop column id, drop column user_id, drop column address, drop column agent, drop column seen_at`,
  `alter table sessions add column user_name text not null`,
  `delete from sign_in_tokens`,
  `alter table sign_in_tokens drop column user_id`,
  `alter table sign_in_tokens add column user_name text not null`,
  `drop index stores_name`,
  `alter table stores drop column organization_id`,
  `drop table invitations`,
  `drop table members`,
  `drop table users`,
  `drop table organizations`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const statement of back) await sql.raw(statement).execute(database);
}
