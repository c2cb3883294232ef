import { type Kysely, sql } from "kysely";

// Who may work on a store, how operations and stores have moved, and what a look at the world has found.

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table store_leases (
      store_id uuid primary key references stores (id) on delete cascade,
      fencing bigint not null,
      worker_id uuid references workers (id),
      expires_at timestamptz not null
    )`.execute(database);
  await sql`create index store_leases_of_worker on store_leases (worker_id)`.execute(database);
  await sql`alter table operations add column fencing bigint`.execute(database);
  await sql`create index operations_open on operations (queued_at)
    where status in ('queued', 'running', 'interrupted')`.execute(database);
  await createMoves(database);
  await createFindings(database);
}

/** Filled by `migrate` from the tables in `domain/`, so that there is one truth about what is legal. */
async function createMoves(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table legal_moves (
      subject text not null,
      from_status text not null,
      to_status text not null,
      primary key (subject, from_status, to_status)
    )`.execute(database);
  await sql`
    create table transitions (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      store_id uuid not null references stores (id) on delete cascade,
      operation_id uuid references operations (id) on delete cascade,
      from_status text,
      to_status text not null,
      cause text
    )`.execute(database);
  await sql`create index transitions_of_store on transitions (store_id, id)`.execute(database);
  await sql`create index transitions_of_operation on transitions (operation_id) where operation_id is not null`.execute(
    database,
  );
  await createMoveFunctions(database);
  for (const table of ["operations", "stores"]) await createMoveTriggers(database, table);
}

async function createMoveFunctions(database: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_illegal_move() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from legal_moves
        where subject = tg_table_name and from_status = old.status and to_status = new.status
      ) then
        raise exception 'Of %, none goes from % to %.', tg_table_name, old.status, new.status
          using errcode = 'check_violation', constraint = 'legal_moves';
      end if;
      return new;
    end $$`.execute(database);
  // Triggers rather than statements beside every update: a move that is written is a move that is recorded.
  await sql`
    create function record_move() returns trigger language plpgsql as $$
    declare
      said text := coalesce(nullif(current_setting('storefleet.cause', true), ''), new.reason);
      before text;
    begin
      if tg_op = 'UPDATE' then before := old.status; end if;
      if tg_table_name = 'operations' then
        insert into transitions (store_id, operation_id, from_status, to_status, cause)
          values (new.store_id, new.id, before, new.status, said);
      else
        insert into transitions (store_id, from_status, to_status, cause) values (new.id, before, new.status, said);
      end if;
      return new;
    end $$`.execute(database);
}

async function createMoveTriggers(database: Kysely<unknown>, table: string): Promise<void> {
  const name = sql.table(table);
  await sql`
    create trigger legal_moves before update of status on ${name} for each row
    when (old.status is distinct from new.status) execute function refuse_illegal_move()`.execute(database);
  await sql`
    create trigger transitions_of_updates after update of status on ${name} for each row
    when (old.status is distinct from new.status) execute function record_move()`.execute(database);
  await sql`
    create trigger transitions_of_inserts after insert on ${name} for each row
    execute function record_move()`.execute(database);
}

async function createFindings(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table findings (
      id uuid primary key default gen_random_uuid(),
      kind text not null,
      subject text not null,
      text text not null,
      first_seen_at timestamptz not null default clock_timestamp(),
      last_seen_at timestamptz not null default clock_timestamp(),
      resolved_at timestamptz
    )`.execute(database);
  await sql`create unique index findings_open on findings (kind, subject) where resolved_at is null`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  for (const table of ["operations", "stores"]) {
    for (const trigger of ["legal_moves", "transitions_of_updates", "transitions_of_inserts"]) {
      await sql`drop trigger ${sql.ref(trigger)} on ${sql.table(table)}`.execute(database);
    }
  }
  for (const name of ["refuse_illegal_move", "record_move"]) {
    await sql`drop function ${sql.ref(name)}()`.execute(database);
  }
  for (const table of ["findings", "transitions", "legal_moves", "store_leases"]) {
    await sql`drop table ${sql.table(table)}`.execute(database);
  }
  await sql`drop index operations_open`.execute(database);
  await sql`alter table operations drop column fencing`.execute(database);
}
