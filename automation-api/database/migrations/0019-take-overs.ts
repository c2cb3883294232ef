import { type Kysely, sql } from "kysely";

// An operation counts as taken over when its worker has died, not when a worker that is being stopped hands it back: whenever
// workers are replaced, all that they work on goes on in others.

export async function up(database: Kysely<unknown>): Promise<void> {
  // At the end of the transaction in which somebody takes over from a worker, it is signed off in its place.
  await writeFunction(`new.status = 'interrupted'
    and exists (select from workers where id = new.worker_id and stopped_at is not null)`).execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await writeFunction(`old.status = 'interrupted' and new.status = 'running'
    and old.worker_id is distinct from new.worker_id`).execute(database);
}

function writeFunction(isTakeOver: string) {
  return sql`
    create or replace function count_operation() returns trigger language plpgsql as $$
    declare
      ended timestamptz := coalesce(new.finished_at, clock_timestamp());
      began timestamptz := coalesce(new.started_at, ended);
    begin
      if new.status in ('succeeded', 'failed', 'cancelled') then
        perform add_to_total(new.kind, new.status, 'wait', extract(epoch from began - new.queued_at));
        if new.started_at is not null then
          perform add_to_total(new.kind, new.status, 'work', extract(epoch from ended - began));
        end if;
      elsif ${sql.raw(isTakeOver)} then
        perform add_to_total(new.kind, 'none', 'take-over', 0);
      end if;
      return null;
    end $$`;
}
