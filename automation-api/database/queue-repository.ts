import { sql } from "kysely";
import type { Database } from "./connection.ts";

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
