import { isFinal, type OperationKind, type OperationStatus } from "../../../automation-api/contract/operation.ts";
import type { StoreStatus } from "../../../automation-api/contract/store.ts";

export interface ModelOperation {
  readonly id: string;
  readonly kind: OperationKind;
  status: OperationStatus;
  cancelRequested: boolean;
}

/** What should be true of the one store. */
export class Model {
  store: StoreStatus | undefined;
  operations: ModelOperation[] = [];

  /** Operations to which something will still happen, oldest first. */
  open(): ModelOperation[] {
    return this.operations.filter(({ status }) => !isFinal(status));
  }
  of(id: string): ModelOperation {
    const found = this.operations.find((operation) => operation.id === id);
    if (found === undefined) throw new Error("unknown to the model");
    return found;
  }
  isLiving(): boolean {
    return this.store !== undefined && this.store !== "deleted";
  }
  cancelled(operation: ModelOperation): void {
    operation.cancelRequested = true;
    if (operation.status !== "queued") return;
    operation.status = "cancelled";
    if (operation.kind === "create") this.store = "failed";
  }
}
