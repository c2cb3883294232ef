import { type Kysely, sql } from "kysely";

// Which request an operation came of, and totals of operations that only grow, whatever is forgotten later.

/** Upper bounds of the ranges in which durations are counted, in seconds. */
const BOUNDS = "1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 'Infinity'";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table operations add column correlation_id text, add column traceparent text`.execute(database);
  await sql`
    create table operation_totals (
      kind text not null,
      outcome text not null,
      measure text not null,
      bound float8 not null,
      count bigint not null,
      seconds float8 not null,
      primary key (kind, outcome, measure, bound)
    )`.execute(database);
  await sql`
    create function add_to_total(of_kind text, with_outcome text, of_measure text, taken float8) returns void
    language sql as $$
      insert into operation_totals (kind, outcome, measure, bound, count, seconds)
      select of_kind, with_outcome, of_measure, min(bound), 1, greatest(taken, 0)
      from unnest(array[${sql.raw(BOUNDS)}]::float8[]) bound where bound >= taken
      on conflict (kind, outcome, measure, bound)
      do update set count = operation_totals.count + 1, seconds = operation_totals.seconds + excluded.seconds
    $$`.execute(database);
  await sql`
    create function count_operation() returns trigger language plpgsql as $$
    declare
      ended timestamptz := coalesce(new.finished_at, clock_timestamp());
      began timestamptz := coalesce(new.started_at, ended);
    begin
      if new.status in ('succeeded', 'failed', 'cancelled') then
        perform add_to_total(new.kind, new.status, 'wait', extract(epoch from began - new.queued_at));
        if new.started_at is not null then
          perform add_to_total(new.kind, new.status, 'work', extract(epoch from ended - began));
        end if;
      elsif old.status = 'interrupted' and new.status = 'running' and old.worker_id is distinct from new.worker_id then
        perform add_to_total(new.kind, 'none', 'take-over', 0);
      end if;
      return null;
    end $$`.execute(database);
  // At the very end of a transaction: everybody writes to the same few rows, and nobody is to wait for them for long.
  await sql`
    create constraint trigger totals after update of status on operations deferrable initially deferred for each row
    when (old.status is distinct from new.status) execute function count_operation()`.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await sql`drop trigger totals on operations`.execute(database);
  await sql`drop function count_operation()`.execute(database);
  await sql`drop function add_to_total(text, text, text, float8)`.execute(database);
  await sql`drop table operation_totals`.execute(database);
  await sql`alter table operations drop column correlation_id, drop column traceparent`.execute(database);
}
