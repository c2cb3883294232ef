import { insertAuditEntry } from "../database/audit-repository.ts";
import type { Connection } from "../database/connection.ts";
import { newestOperations } from "../database/operation-reads-repository.ts";
import { insertOperation } from "../database/operation-requests-repository.ts";
import { setStoreStatus } from "../database/store-repository.ts";
import { initialProgress } from "../domain/progress.ts";
import { type Accepted, type Asker, acceptOnce, decideAbout } from "./accept.ts";
import { mayRetry } from "./allowed.ts";
import { DomainError } from "./domain-error.ts";
import { refuseStale, versionOfStore } from "./versions.ts";

/**
 * Queues once more what failed or was cancelled last. Throws a DomainError when there is no such store, or nothing to
 * try again.
 */
export async function retryStore(connection: Connection, asker: Asker, name: string): Promise<Accepted> {
  return acceptOnce(connection, asker, ["retry store", name], async (transaction, operationId) => {
    const { store } = await decideAbout(transaction, name, asker.reach);
    refuseStale("the store", versionOfStore(store), asker.seen);
    const last = (await newestOperations(transaction, [store.id])).get(store.id);
    if (last === undefined || !mayRetry(last.status)) {
      const message = `Nothing can be tried again: the last operation of the store is ${last?.status ?? "missing"}.`;
      throw new DomainError("conflict", message, { type: "nothing-to-retry" });
    }
    if (last.kind === "create") await setStoreStatus(transaction, store.id, "provisioning", null);
    await insertOperation(transaction, {
      id: operationId,
      storeId: store.id,
      kind: last.kind,
      askedBy: asker.actor.name,
      correlationId: asker.actor.correlationId,
      traceparent: asker.actor.traceparent,
      progress: initialProgress(last.kind, store.spec.engine),
      text: "Trying again was asked for; it waits for its turn.",
    });
    await insertAuditEntry(transaction, {
      actor: asker.actor,
      organization: store.organizationId,
      action: "retry store",
      subject: name,
      after: { operation: operationId, kind: last.kind, after: last.id },
    });
    return operationId;
  });
}
