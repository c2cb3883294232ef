import type { OperationKind } from "../contract/operation.ts";
import type { StoreStatus } from "../contract/store.ts";

/** The moments of an operation that change the status of its store. */
export type Moment = "running" | "succeeded" | "failed" | "cancelled";

const statuses = {
  create: { running: "provisioning", succeeded: "ready", failed: "failed", cancelled: "failed" },
  rotate: { running: "updating", succeeded: "ready", failed: "failed", cancelled: "failed" },
  delete: { running: "deleting", succeeded: "deleted", failed: "failed", cancelled: "failed" },
} as const satisfies Record<OperationKind, Record<Moment, StoreStatus>>;

/** From which statuses a store can come to a status. It begins as `provisioning`, and is never anything after `deleted`. */
export const STORE_SOURCES = {
  provisioning: ["failed"],
  ready: ["provisioning", "updating", "asleep"],
  updating: ["ready", "asleep", "failed"],
  asleep: ["ready", "updating"],
  failed: ["provisioning", "ready", "updating", "asleep", "deleting"],
  deleting: ["provisioning", "ready", "updating", "asleep", "failed"],
  deleted: ["deleting"],
} as const satisfies Record<StoreStatus, readonly StoreStatus[]>;

/** The status of a store when an operation on it has come to a moment. */
export function storeStatusAfter(kind: OperationKind, moment: Moment): StoreStatus {
  return statuses[kind][moment];
}

/** Why a store is `failed` although nothing went wrong: its operation was cancelled. Says what a person can do. */
export function reasonWhenCancelled(kind: OperationKind): string {
  switch (kind) {
    case "create":
      return "Creation was cancelled. What was made so far is still there: retry to go on with it, or delete the store.";
    case "rotate":
      return "Making new secrets was cancelled, so some may be new and others old. The store goes on; retry to end it.";
    case "delete":
      return "Deletion was cancelled, so a part of the store may be gone. Delete it again to remove the rest.";
  }
}
