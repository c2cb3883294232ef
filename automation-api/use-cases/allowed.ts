import { isFinal, type OperationKind, type OperationStatus } from "../contract/operation.ts";
import type { Store, StoreStatus } from "../contract/store.ts";
import { givesWay } from "../domain/operation.ts";

/** What a person may ask of a store now. `newest` is its newest operation. */
export function allowedFor(
  store: { status: StoreStatus; hasOutputs: boolean },
  newest: { kind: OperationKind; status: OperationStatus; cancelRequested: boolean },
): Store["can"] {
  const open = !isFinal(newest.status);
  const living = store.status !== "deleted";
  const leaving = store.status === "deleting" || store.status === "deleted";
  return {
    delete: living && !(open && newest.kind === "delete"),
    rotate: mayRotate(store.status, newest),
    retry: living && mayRetry(newest.status),
    cancel: open && !newest.cancelRequested,
    credentials: store.hasOutputs && !leaving,
  };
}

/** Whether a store's secrets can be made anew: it is ready, and nothing is under way but what gives way to it. */
export function mayRotate(
  store: StoreStatus,
  newest: { readonly kind: OperationKind; readonly status: OperationStatus },
): boolean {
  return store === "ready" && (isFinal(newest.status) || givesWay(newest));
}

/** Whether the same can be tried again: the last try did not succeed, and nothing is under way. */
export function mayRetry(newest: OperationStatus): boolean {
  return newest === "failed" || newest === "cancelled";
}
