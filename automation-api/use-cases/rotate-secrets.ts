import { insertAuditEntry } from "../database/audit-repository.ts";
import type { Connection } from "../database/connection.ts";
import { newestOperations } from "../database/operation-reads-repository.ts";
import { insertOperation } from "../database/operation-requests-repository.ts";
import { initialProgress } from "../domain/progress.ts";
import { type Accepted, type Asker, acceptOnce, decideAbout } from "./accept.ts";
import { mayRotate } from "./allowed.ts";
import { giveWay } from "./cancel-operation.ts";
import { DomainError } from "./domain-error.ts";
import { refuseStale, versionOfStore } from "./versions.ts";

/**
 * Queues that a store's passwords, keys and salts are made anew; a change that waits gives way to it. Throws a DomainError when there is no such store, and while
 * it is not ready or something else is under way: then nobody could say which secrets it has.
 */
export async function rotateSecrets(connection: Connection, asker: Asker, name: string): Promise<Accepted> {
  return acceptOnce(connection, asker, ["rotate secrets", name], async (transaction, operationId) => {
    const { store, open } = await decideAbout(transaction, name, asker.reach);
    refuseStale("the store", versionOfStore(store), asker.seen);
    const newest = (await newestOperations(transaction, [store.id])).get(store.id);
    const isFree = newest !== undefined && mayRotate(store.status, newest) && (await giveWay(transaction, open));
    if (!isFree) {
      const message =
        "Secrets are made anew while the store is ready and nothing else is under way. Ask again when that is so.";
      throw new DomainError("conflict", message, { type: "store-not-ready" });
    }
    await insertOperation(transaction, {
      id: operationId,
      storeId: store.id,
      kind: "rotate",
      askedBy: asker.actor.name,
      correlationId: asker.actor.correlationId,
      traceparent: asker.actor.traceparent,
      progress: initialProgress("rotate", store.spec.engine),
      text: "New secrets were asked for; this waits for its turn.",
    });
    await insertAuditEntry(transaction, {
      actor: asker.actor,
      organization: store.organizationId,
      action: "rotate secrets",
      subject: name,
      before: { rotation: store.rotation },
      after: { operation: operationId, rotation: store.rotation + 1 },
    });
    return operationId;
  });
}
