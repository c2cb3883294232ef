import { NAMESPACE_PREFIX } from "../../stores/spec.ts";
import type { Operation } from "../contract/operation.ts";
import type { Store, StoreSummary } from "../contract/store.ts";
import type { OperationRow } from "../database/operation-reads-repository.ts";
import type { StoreListRow, StoreRow } from "../database/store-repository.ts";
import { whyItWaits } from "../domain/waiting.ts";
import { allowedFor } from "./allowed.ts";

// Rows as the contract tells them.

export function toOperation(row: OperationRow): Operation {
  const reason = row.waitsFor === null ? row.reason : whyItWaits(row.waitsFor);
  return {
    id: row.id,
    store: row.storeName,
    kind: row.kind,
    status: row.status,
    attempt: row.attempt,
    askedBy: row.askedBy,
    queuedAt: row.queuedAt.toISOString(),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.finishedAt && { finishedAt: row.finishedAt.toISOString() }),
    cancelRequested: row.cancelRequestedAt !== null,
    progress: row.progress,
    ...(reason !== null && { reason }),
    ...(row.correlationId !== null && { correlationId: row.correlationId }),
  };
}

/** `newest` is the store's newest operation. */
export function toStoreSummary(row: StoreListRow, newest: OperationRow): StoreSummary {
  const { url, adminUrl } = row.outputs;
  return {
    name: row.name,
    displayName: row.spec.displayName,
    engine: row.spec.engine,
    plan: row.spec.plan,
    status: row.status,
    ...(row.reason !== null && { reason: row.reason }),
    ...(typeof url === "string" && { url }),
    ...(typeof adminUrl === "string" && { adminUrl }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    operation: toOperation(newest),
  };
}

/** `inspect` are the shell lines with which a person looks at the stack. */
export function toStore(row: StoreRow, newest: OperationRow, inspect: readonly string[]): Store {
  const { plan, currency, country, sampleData, adminEmail, domain } = row.spec;
  const summary = toStoreSummary(row, newest);
  return {
    ...summary,
    spec: { plan, currency, country, sampleData, adminEmail, ...(domain !== undefined && { domain }) },
    namespace: `${NAMESPACE_PREFIX}${row.name}`,
    outputs: row.outputs,
    resources: row.resources,
    inspect: [...inspect],
    can: allowedFor(
      { status: row.status, hasOutputs: Object.keys(row.outputs).length > 0 },
      { ...newest, cancelRequested: summary.operation.cancelRequested },
    ),
  };
}
