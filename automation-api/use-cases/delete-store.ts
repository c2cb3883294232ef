import { insertAuditEntry } from "../database/audit-repository.ts";
import type { Connection } from "../database/connection.ts";
import type { OperationRow } from "../database/operation-reads-repository.ts";
import { insertOperation } from "../database/operation-requests-repository.ts";
import { initialProgress } from "../domain/progress.ts";
import { type Accepted, type Asker, acceptOnce, decideAbout } from "./accept.ts";
import { cancel } from "./cancel-operation.ts";
import { DomainError } from "./domain-error.ts";
import { refuseStale, versionOfStore } from "./versions.ts";

/**
 * Queues the removal of a store behind whatever is under way; what is under way is cancelled. A store that is being
 * deleted already answers with that operation. Throws a DomainError when there is no such store, or when its deletion is being
 * cancelled: a second one behind it could meet another store of the same name.
 */
export async function deleteStore(connection: Connection, asker: Asker, name: string): Promise<Accepted> {
  return acceptOnce(connection, asker, ["delete store", name], async (transaction, operationId) => {
    const { store, open } = await decideAbout(transaction, name, asker.reach);
    refuseStale("the store", versionOfStore(store), asker.seen);
    const deletion = open.find(({ kind }) => kind === "delete");
    if (deletion !== undefined) return unlessCancelled(deletion);

    for (const operation of open) await cancel(transaction, operation);
    await insertOperation(transaction, {
      id: operationId,
      storeId: store.id,
      kind: "delete",
      askedBy: asker.actor.name,
      correlationId: asker.actor.correlationId,
      traceparent: asker.actor.traceparent,
      progress: initialProgress("delete", store.spec.engine),
      text: "Deleting the store was asked for; it waits for its turn.",
    });
    await insertAuditEntry(transaction, {
      actor: asker.actor,
      organization: store.organizationId,
      action: "delete store",
      subject: name,
      after: { operation: operationId },
    });
    return operationId;
  });
}

function unlessCancelled(deletion: OperationRow): string {
  if (deletion.cancelRequestedAt === null) return deletion.id;
  throw new DomainError("conflict", "Deleting the store is just being cancelled; ask again when that is over.", {
    type: "being-cancelled",
  });
}
