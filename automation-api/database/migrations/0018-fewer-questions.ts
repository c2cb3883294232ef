import { type Kysely, sql } from "kysely";

// Who asks for a store waits for the others of the organization: they wait for fewer answers. Within a function each
// statement sees what was committed when it begins, and so the store of whoever had the turn before. And a key can be taken
// before there is the operation that it will stand for.

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create function count_alone(organization uuid, out stores integer, out all_operations integer) language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('limits ' || organization, 0));
      select count(*) into stores from stores where organization_id = organization and deleted_at is null;
      select count(*) into all_operations from operations where status in ('queued', 'running', 'interrupted');
    end $$`.execute(database);
  await deferring("deferrable initially deferred").execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await deferring("not deferrable").execute(database);
  await sql`drop function count_alone(uuid)`.execute(database);
}

function deferring(how: string) {
  return sql`alter table idempotency_keys alter constraint idempotency_keys_operation_id_fkey ${sql.raw(how)}`;
}
