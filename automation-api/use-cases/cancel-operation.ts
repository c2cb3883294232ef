import { isFinal, type Operation } from "../contract/operation.ts";
import { insertAuditEntry } from "../database/audit-repository.ts";
import { type Connection, type Database, inTransaction } from "../database/connection.ts";
import { findOperation, type OperationRow } from "../database/operation-reads-repository.ts";
import { cancelQueued, requestCancel } from "../database/operation-requests-repository.ts";
import type { Reach } from "../database/organization-repository.ts";
import { setStoreStatus } from "../database/store-repository.ts";
import { givesWay } from "../domain/operation.ts";
import { toOperation } from "./answers.ts";
import { DomainError } from "./domain-error.ts";
import type { Actor } from "./principal.ts";
import { requireOperation } from "./read-operation.ts";
import { refuseStale, versionOfOperation } from "./versions.ts";

/**
 * Cancels an operation that waits; asks the worker of one that runs. Asking twice is fine. Throws a DomainError when
 * there is no such operation, when it is over, or when it is not in the version that was seen (left out: whatever it is).
 */
export async function cancelOperation(
  connection: Connection,
  { actor, reach }: { actor: Actor; reach: Reach },
  { id, seen }: { id: string; seen?: string | undefined },
): Promise<Operation> {
  return inTransaction(connection, async (transaction) => {
    const operation = await requireOperation(transaction, id, reach);
    refuseStale("the operation", versionOfOperation(toOperation(operation)), seen);
    if (isFinal(operation.status)) {
      throw new DomainError("conflict", `The operation is over (${operation.status}); there is nothing to cancel.`, {
        type: "operation-over",
      });
    }
    if (operation.cancelRequestedAt === null) {
      await cancel(transaction, operation);
      await insertAuditEntry(transaction, {
        actor,
        organization: operation.organizationId,
        action: "cancel operation",
        subject: operation.storeName,
        after: { operation: id, kind: operation.kind },
      });
    }
    return toOperation((await findOperation(transaction, id)) ?? operation);
  });
}

/**
 * Lets changes that wait give way to a newer one. Returns false when a worker has begun one of them, or something else is under
 * way. Belongs in a transaction.
 */
export async function giveWay(transaction: Database, open: readonly OperationRow[]): Promise<boolean> {
  for (const operation of open) {
    if (!givesWay(operation)) return false;
    const gone = await cancelQueued(transaction, operation.id, "A newer request took its place before it began.");
    if (!gone) return false;
  }
  return true;
}

/** At once when no worker has begun it; otherwise its worker is asked. Belongs in a transaction. */
export async function cancel(transaction: Database, operation: OperationRow): Promise<void> {
  const cancelled = await cancelQueued(transaction, operation.id, "Cancelled before it began.");
  if (!cancelled) return requestCancel(transaction, operation.id);
  if (operation.kind !== "create") return;
  const reason = "Creation was cancelled before it began. Retry it, or delete the store.";
  await setStoreStatus(transaction, operation.storeId, "failed", reason);
}
