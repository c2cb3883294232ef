import { sql } from "kysely";
import type { Database } from "./connection.ts";

// A lease is the right to work on one store. Whoever takes it gets a number that is larger than every one before, and
// every write and every command names it: who was paused, and has been followed by somebody, changes nothing any more.

/** How a lease is known. */
export interface Lease {
  readonly storeId: string;
  readonly workerId: string;
  /** A 64-bit number as text. */
  readonly fencing: string;
}

/**
 * Takes the lease of a store; `undefined` while another worker holds one that has not expired. Belongs in the transaction
 * of what is to be written under it.
 */
export async function takeLease(
  transaction: Database,
  storeId: string,
  workerId: string,
  seconds: number,
): Promise<Lease | undefined> {
  const row = await transaction
    .insertInto("storeLeases")
    .values({ storeId, workerId, fencing: "1", expiresAt: inSeconds(seconds) })
    .onConflict((conflict) =>
      conflict
        .column("storeId")
        .doUpdateSet({ workerId, fencing: sql`store_leases.fencing + 1`, expiresAt: inSeconds(seconds) })
        .where(({ or, eb }) =>
          or([
            eb("storeLeases.workerId", "is", null),
            eb("storeLeases.workerId", "=", workerId),
            eb("storeLeases.expiresAt", "<", sql<Date>`clock_timestamp()`),
          ]),
        ),
    )
    .returning("fencing")
    .executeTakeFirst();
  return row && { storeId, workerId, fencing: row.fencing };
}

/**
 * Prolongs a lease. False when somebody else has taken it since. One that has expired and was not taken is as good as
 * before: nobody can have written in between.
 */
export async function renewLease(database: Database, lease: Lease, seconds: number): Promise<boolean> {
  const renewed = await ofLease(database, lease)
    .set({ expiresAt: inSeconds(seconds) })
    .executeTakeFirst();
  return renewed.numUpdatedRows > 0n;
}

/** Gives a lease back; nothing happens when it is not ours any more. */
export async function releaseLease(database: Database, lease: Lease): Promise<void> {
  await ofLease(database, lease).set({ workerId: null }).execute();
}

/** Prolongs every lease of a worker. */
export async function renewLeases(database: Database, workerId: string, seconds: number): Promise<void> {
  await database
    .updateTable("storeLeases")
    .set({ expiresAt: inSeconds(seconds) })
    .where("workerId", "=", workerId)
    .execute();
}

/**
 * Takes every lease from a worker. From the moment this is written, and for others from the moment the transaction has
 * begun to write it, whoever asks for one of them waits and then finds that it is lost.
 */
export async function revokeLeases(transaction: Database, workerId: string): Promise<void> {
  await transaction
    .updateTable("storeLeases")
    .set({ workerId: null, fencing: sql`fencing + 1` })
    .where("workerId", "=", workerId)
    .execute();
}

function ofLease(database: Database, { storeId, workerId, fencing }: Lease) {
  return database
    .updateTable("storeLeases")
    .where("storeId", "=", storeId)
    .where("workerId", "=", workerId)
    .where("fencing", "=", fencing);
}

function inSeconds(seconds: number) {
  return sql<Date>`clock_timestamp() + ${seconds}::float8 * interval '1 second'`;
}
