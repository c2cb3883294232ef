import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";

// How people sign in. The columns of users, identities, passkeys and verifications are those that better-auth wants; a
// test asks it whether anything is missing. Its sessions are ours.

const statements = [
  `alter table users
    add column email text unique,
    add column email_verified boolean not null default false,
    add column image text,
    add column updated_at timestamptz not null default now()`,
  `create table identities (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    provider_id text not null,
    account_id text not null,
    password text,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (provider_id, account_id)
  )`,
  `create index identities_of_user on identities (user_id)`,
  `create table passkeys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    name text,
    public_key text not null,
    credential_id text not null unique,
    counter integer not null,
    device_type text not null,
    backed_up boolean not null,
    transports text,
    aaguid text,
    created_at timestamptz not null default now()
  )`,
  `create index passkeys_of_user on passkeys (user_id)`,
  // What has begun and is not finished: challenges of passkeys, and ways to the single sign-on and back.
  `create table verifications (
    id uuid primary key default gen_random_uuid(),
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index verifications_identifier on verifications (identifier)`,
  `alter table sessions add column way text not null default 'sign-in link'`,
  `alter table sessions alter column way drop default`,
  // One row. It signs cookies that live for minutes; who reads it cannot sign in.
  `create table signing_key (
    only_one boolean primary key default true check (only_one),
    value text not null
  )`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
  await sql`insert into signing_key (value) values (${randomBytes(32).toString("base64url")})`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const table of ["signing_key", "verifications", "passkeys", "identities"]) {
    await sql`drop table ${sql.table(table)}`.execute(database);
  }
  await sql`alter table sessions drop column way`.execute(database);
  await sql`alter table users drop column email, drop column email_verified, drop column image,
    drop column updated_at`.execute(database);
}
