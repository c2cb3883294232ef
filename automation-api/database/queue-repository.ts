import { type RawBuilder, sql } from "kysely";
import type { Database } from "./connection.ts";

/**
 * Puts an operation into the queue, in the place of an entry it may have. Organizations take turns: an entry is placed behind
 * the earlier ones of its own organization, and beside the first ones of others, however many those have. Within an
 * organization, and so within a store, it goes by the time of the requests; one that was begun and is put in again goes first.
 * The queue gives entries out in about this order; `takeTurn` makes it exact.
 */
export async function enqueue(database: Database, operationId: string): Promise<void> {
  return put(database, operationId, false);
}

/** Puts an operation whose entry was just taken back to where it was. */
export async function enqueueAgain(database: Database, operationId: string): Promise<void> {
  return put(database, operationId, true);
}

/** Puts an operation whose entry was just taken back to where it was, to be taken in some seconds. */
export async function enqueueLater(database: Database, operationId: string, seconds: number): Promise<void> {
  await put(database, operationId, true);
  await sql`select graphile_worker.reschedule_jobs(
    array(select id from graphile_worker.jobs where key = ${operationId} and locked_at is null),
    run_at := clock_timestamp() + ${seconds}::float8 * interval '1 second')`.execute(database);
}

/**
 * Marks of the entries that nobody may take now: those of organizations as many of whose entries are taken as they have
 * slots. Two workers that ask at once may both find the last slot free; `takeTurn` decides then.
 */
export async function marksOfFull(database: Database, slots: number): Promise<string[]> {
  const { rows } = await sql<{ mark: string }>`
    select mark from graphile_worker.jobs, jsonb_object_keys(flags) mark
    where locked_at is not null group by mark having count(*) >= ${slots}`.execute(database);
  return rows.map(({ mark }) => mark);
}

/** The longest that an entry whose work ended in an error waits for its next try, in seconds. */
const LONGEST_WAIT = 60;

/**
 * Puts open operations into the queue that nobody would take for long although nobody works on them: those without an entry,
 * or with one that was tried too often, or that is to be tried in more than a minute. By itself, the queue lets entries wait
 * for hours. Returns how many there were.
 */
export async function enqueueForgotten(database: Database): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from operations
    where status in ('queued', 'interrupted') and not exists (
      select from graphile_worker.jobs
      where key = operations.id::text and (locked_at is not null
        or (attempts < max_attempts and run_at < now() + ${LONGEST_WAIT}::float8 * interval '1 second'))
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

async function put(database: Database, operationId: string, isSamePlace: boolean): Promise<void> {
  await sql`${addingJobs(sql`operations`, sql`stores`, isSamePlace)} where entry.id = ${operationId}::uuid`.execute(
    database,
  );
}

/**
 * Puts operations into the queue. Entries of an organization have growing numbers, so that the one before this has the
 * highest; it is found without looking at the others.
 * @param operations rows with what is said below of an `entry`, such as those of a statement that has just made them
 * @param owners rows with the id and the organization of their stores
 */
export function addingJobs(
  operations: RawBuilder<unknown>,
  owners: RawBuilder<unknown>,
  isSamePlace: boolean,
): RawBuilder<unknown> {
  return sql`select graphile_worker.add_job(
    'operation',
    payload := json_build_object('operationId', entry.id::text),
    queue_name := 'store-' || entry.store_id,
    job_key := entry.id::text,
    max_attempts := 100,
    run_at := entry.queued_at,
    flags := array['organization-' || owner.organization_id],
    priority := coalesce(
      case when ${isSamePlace}::boolean then (select priority from graphile_worker.jobs where key = entry.id::text) end,
      least(32767, coalesce(
        case when entry.status = 'queued' then (
          select jobs.priority + 1 from operations waiting
            join stores owned on owned.id = waiting.store_id
            join graphile_worker.jobs on jobs.key = waiting.id::text
          where waiting.status = 'queued' and owned.organization_id = owner.organization_id
            and waiting.queued_at <= entry.queued_at and waiting.id <> entry.id and jobs.locked_at is null
          order by waiting.queued_at desc limit 1
        ) end,
        (select min(priority) from graphile_worker.jobs where locked_at is null),
        0
      ))
    )::integer
  ) from ${operations} entry join ${owners} owner on owner.id = entry.store_id`;
}
