import { createHash, randomUUID } from "node:crypto";
import type { Operation } from "../contract/operation.ts";
import type { StoreSummary } from "../contract/store.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import { pointIdempotencyKey, takeIdempotencyKey } from "../database/idempotency-repository.ts";
import {
  findOperationWithStore,
  newestOperations,
  type OperationRow,
  openOperations,
} from "../database/operation-reads-repository.ts";
import { isWithin, type Reach } from "../database/organization-repository.ts";
import { decideAlone, findLivingStore, type StoreRow } from "../database/store-repository.ts";
import { toOperation, toStoreSummary } from "./answers.ts";
import { noStore } from "./authorize.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor } from "./principal.ts";

/** Who asks, where they may, and whether it may be the same request again. */
export interface Asker {
  readonly actor: Actor;
  readonly reach: Reach;
  /** Sent by the client: the same key within a day means the same request, which is carried out once. */
  readonly idempotencyKey?: string | undefined;
  /** Version of the store that was seen; left out: whatever it is. */
  readonly seen?: string | undefined;
}

/** An operation that was queued, by this request or by the same one before. */
export interface Accepted {
  readonly store: StoreSummary;
  readonly operation: Operation;
  readonly replayed: boolean;
}

/** Queues an operation under this id, or gives the id of one that does the same already. */
type Work = (transaction: Database, operationId: string) => Promise<string>;

/**
 * Carries `work` out in one transaction, once for each idempotency key, and tells about the operation whose id it
 * returns. `request` is everything that makes two requests the same.
 */
export async function acceptOnce(
  connection: Connection,
  asker: Asker,
  request: readonly unknown[],
  work: Work,
): Promise<Accepted> {
  const requestHash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  const accepted = await inTransaction(connection, async (transaction) => {
    const proposed = randomUUID();
    const { actor, idempotencyKey: key } = asker;
    if (key === undefined) return { operationId: await work(transaction, proposed), replayed: false };
    const { userId } = actor;
    const earlier = await takeIdempotencyKey(transaction, { userId, key, requestHash, operationId: proposed });
    if (earlier === undefined) {
      const operationId = await work(transaction, proposed);
      if (operationId !== proposed) await pointIdempotencyKey(transaction, { userId, key, operationId });
      connection.faults("accept written", operationId);
      return { operationId, replayed: false };
    }
    if (earlier.requestHash !== requestHash) {
      throw new DomainError(
        "mismatch",
        "This Idempotency-Key was sent before with another request; use a new key for each request.",
        { type: "idempotency-key-reused" },
      );
    }
    return { operationId: earlier.operationId, replayed: true };
  });
  connection.faults("accept committed", accepted.operationId);
  // Not before: whoever writes the next entry of the audit log waits for the end of the transaction.
  return tell(connection.database, accepted.operationId, accepted.replayed);
}

async function tell(database: Database, operationId: string, replayed: boolean): Promise<Accepted> {
  const found = await findOperationWithStore(database, operationId);
  if (found === undefined) throw new Error(`Operation ${operationId} was accepted, but cannot be found.`);
  const { operation, store } = found;
  // What was asked for just now is the newest.
  const newest = (replayed ? (await newestOperations(database, [store.id])).get(store.id) : undefined) ?? operation;
  return { store: toStoreSummary(store, newest), operation: toOperation(operation), replayed };
}

/**
 * A living store about which nobody else decides until the transaction ends, and its open operations, oldest first.
 * Throws a DomainError if there is none.
 */
export async function decideAbout(
  transaction: Database,
  name: string,
  reach: Reach,
): Promise<{ store: StoreRow; open: readonly OperationRow[] }> {
  // First of all, because the lock goes to the database, too, and the name may be anything.
  const { id } = await requireStore(transaction, name, reach);
  await decideAlone(transaction, `store ${name}`);
  const open = await openOperations(transaction, id);
  // Once more, because a worker may have deleted it in between. From here on it cannot: if no delete was open, none
  // begins before we are done.
  const store = await requireStore(transaction, name, reach);
  // Deleted and made anew while we waited: what was read belongs to the one before.
  return store.id === id ? { store, open } : decideAbout(transaction, name, reach);
}

/** Throws a DomainError when no living store within reach has the name. */
export async function requireStore(database: Database, name: string, reach: Reach): Promise<StoreRow> {
  // Nothing that could not be a name goes to the database: it would refuse some characters.
  const store = /^[a-z0-9-]{1,63}$/.test(name) ? await findLivingStore(database, name) : undefined;
  if (store === undefined || !isWithin(reach, store.organizationId)) throw noStore();
  return store;
}
