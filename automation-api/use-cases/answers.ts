import { NAMESPACE_PREFIX } from "../../stores/spec.ts";
import type { Operation } from "../contract/operation.ts";
import type { Store, StoreSummary } from "../contract/store.ts";
import type { OperationRow } from "../database/operation-reads-repository.ts";
import type { StoreListRow, StoreRow } from "../database/store-repository.ts";
import { waitsForCluster, whyItWaits } from "../domain/waiting.ts";
import { allowedFor } from "./allowed.ts";

// Rows as the contract tells them.

export function toOperation(row: OperationRow): Operation {
  const reason = reasonOf(row);
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

function reasonOf({ status, cluster, awaySince, waitsFor, reason }: OperationRow): string | null {
  const waits = status === "queued" || status === "interrupted";
  if (waits && awaySince !== null) return waitsForCluster(cluster);
  return waitsFor === null ? reason : whyItWaits(waitsFor);
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
    cluster: row.cluster,
    ...(newest.awaySince && { clusterAway: howItIsUnknown(newest.cluster, newest.awaySince) }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    operation: toOperation(newest),
  };
}

function howItIsUnknown(cluster: string, since: Date): string {
  return `The cluster "${cluster}" does not answer since ${since.toISOString()}; how the store is, is not known.`;
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
