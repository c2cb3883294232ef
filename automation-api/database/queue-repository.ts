import { sql } from "kysely";
import type { Database } from "./connection.ts";

/**
 * Puts an operation into the queue, in the place of an entry it may have. The queue of a store runs one after the other, by
 * the time of the requests: one that is put in again stays ahead of what was asked for later.
 */
export async function enqueue(database: Database, operationId: string): Promise<void> {
  await sql`select graphile_worker.add_job(
    'operation',
    payload := json_build_object('operationId', id::text),
    queue_name := 'store-' || store_id,
    job_key := id::text,
    max_attempts := 100,
    run_at := queued_at
  ) from operations where id = ${operationId}::uuid`.execute(database);
}

/**
 * Puts open operations into the queue that have no entry there, or one that has been tried too often, and that nobody
 * works on. Returns how many there were: there should be none.
 */
export async function enqueueForgotten(database: Database): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from operations
    where status in ('queued', 'interrupted') and not exists (
      select from graphile_worker.jobs
      where key = operations.id::text and (attempts < max_attempts or locked_at is not null)
    )
    limit 100`.execute(database);
  for (const { id } of rows) await enqueue(database, id);
  return rows.length;
}

/**
 * Tells the workers that entries behind this one can be taken now, when it has left the queue; without this they would
 * notice at their next regular look. Returns false, and tells nobody, while the entry is still there.
 */
export async function announceNext(database: Database, entry: string): Promise<boolean> {
  const { rows } = await sql`
    select pg_notify('jobs:insert', '{"count":1}')
    where not exists (select from graphile_worker.jobs where id = ${entry}::bigint)`.execute(database);
  return rows.length > 0;
}
