import type { Client } from "pg";

/**
 * What `setup` remembers between runs, in a schema of our own beside Medusa's tables, so that a backup of the database
 * carries it along. A merchant's changes must survive every later run: a step that is done is never done again.
 */
export interface SetupState {
  /** True when this very setup, same program and same environment, has finished before. */
  isFinished(fingerprint: string): Promise<boolean>;
  /** True when some setup has finished on this database, so that a server may have run on it. */
  hasEverFinished(): Promise<boolean>;
  finish(fingerprint: string): Promise<void>;
  value(key: string): Promise<string | undefined>;
  remember(key: string, value: string): Promise<void>;
}

/** Any fixed number will do; it only has to differ from the locks that Medusa takes. */
const lockNumber = 7_311_902;

/** Waits until no other `setup` works on this database. The lock goes away with the connection, however it ends. */
export async function lockSetup(client: Client): Promise<void> {
  await client.query("select pg_advisory_lock($1)", [lockNumber]);
}

export async function openSetupState(client: Client): Promise<SetupState> {
  await client.query(`
    create schema if not exists storefleet;
    create table if not exists storefleet.setup (key text primary key, value text not null, at timestamptz not null default now());
    create table if not exists storefleet.file (
      id text primary key,
      media_type text not null,
      private boolean not null default false,
      content bytea not null,
      created_at timestamptz not null default now()
    );
    alter table storefleet.file alter column content set storage external;
  `);
  const value = async (key: string) => {
    const { rows } = await client.query<{ value: string }>("select value from storefleet.setup where key = $1", [key]);
    return rows[0]?.value;
  };
  const remember = async (key: string, text: string) => {
    await client.query(
      "insert into storefleet.setup (key, value) values ($1, $2) on conflict (key) do update set value = $2, at = now()",
      [key, text],
    );
  };
  return {
    value,
    remember,
    isFinished: async (fingerprint) => (await value("finished")) === fingerprint,
    hasEverFinished: async () => (await value("finished")) !== undefined,
    finish: (fingerprint) => remember("finished", fingerprint),
  };
}
