import { sql } from "kysely";
import type { Database } from "./connection.ts";
import { readSettings } from "./settings-repository.ts";
import { decideAlone } from "./store-repository.ts";

/** What is known of an operation that a worker wants to begin. */
interface Candidate {
  readonly id: string;
  readonly store: { readonly id: string };
}

/**
 * Whether an operation may begin; if not, whether its organization has no slot free, whether another one's turn is first, or
 * whether an earlier one of its own store is not over.
 */
export type Turn = "now" | "full" | "later" | "behind";

/**
 * Seconds for which somebody who has just taken an entry, or is just giving it back, is waited for. After that, whoever took
 * it is in trouble, and the operations behind it go on.
 */
const TAKING = 5;

/**
 * Whether one more operation of the store's organization may run, and whether this is the one. Nobody else decides about the
 * organization until the transaction ends, in which the operation begins.
 */
export async function takeTurn(transaction: Database, operation: Candidate): Promise<Turn> {
  const { settings } = await readSettings(transaction);
  const { organizationId } = await transaction
    .selectFrom("stores")
    .select("organizationId")
    .where("id", "=", operation.store.id)
    .executeTakeFirstOrThrow();
  await decideAlone(transaction, `slots ${organizationId}`);
  if ((await othersRunning(transaction, operation.id, organizationId)) >= settings.slotsPerOrganization) return "full";
  if (await isBehind(transaction, operation)) return "behind";
  return (await isFirst(transaction, operation.id, organizationId)) ? "now" : "later";
}

async function isBehind(transaction: Database, { id, store }: Candidate): Promise<boolean> {
  const { rows } = await sql`
    select from operations earlier join operations self on self.id = ${id}::uuid
    where earlier.store_id = ${store.id}::uuid and earlier.status in ('queued', 'running', 'interrupted')
      and (earlier.queued_at, earlier.id) < (self.queued_at, self.id)`.execute(transaction);
  return rows.length > 0;
}

async function othersRunning(transaction: Database, operationId: string, organizationId: string): Promise<number> {
  const { running } = await transaction
    .selectFrom("operations")
    .innerJoin("stores", "stores.id", "operations.storeId")
    .select(({ fn }) => fn.countAll<string>().as("running"))
    .where("stores.organizationId", "=", organizationId)
    .where("operations.status", "=", "running")
    .where("operations.id", "<>", operationId)
    .executeTakeFirstOrThrow();
  return Number(running);
}

/**
 * Whether no operation of the organization that was asked for earlier could begin now. Slots that look for work at the same
 * time pass over what another one is looking at, so that the queue alone gives entries out in about their order. One that waits
 * for another operation of its store, for its next try, or for somebody who does not answer, holds up nobody.
 */
async function isFirst(transaction: Database, operationId: string, organizationId: string): Promise<boolean> {
  const { rows } = await sql`
    select from operations earlier
      join operations self on self.id = ${operationId}::uuid
      join stores on stores.id = earlier.store_id
      join graphile_worker.jobs on jobs.key = earlier.id::text
    where stores.organization_id = ${organizationId}::uuid
      and earlier.status in ('queued', 'interrupted')
      and (earlier.queued_at, earlier.id) < (self.queued_at, self.id)
      and jobs.run_at <= now() and jobs.attempts < jobs.max_attempts
      and not exists (
        select from graphile_worker.jobs taken where taken.queue_name = jobs.queue_name
          and taken.locked_at < clock_timestamp() - ${TAKING}::float8 * interval '1 second')
      and not exists (
        select from operations before where before.store_id = earlier.store_id
          and before.status in ('queued', 'running', 'interrupted')
          and (before.queued_at, before.id) < (earlier.queued_at, earlier.id))
    limit 1`.execute(transaction);
  return rows.length === 0;
}
