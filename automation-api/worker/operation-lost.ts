import { ENGINES } from "../../stores/spec.ts";
import { OPERATION_KINDS } from "../contract/operation.ts";
import type { Work } from "../database/operation-repository.ts";

/** Another worker has the operation now. Its entry in the queue is theirs, too, and must not be completed by us. */
export class OperationLost extends Error {
  override readonly name = "OperationLost";
}

/**
 * Throws when only a newer version can work on an operation: while one version takes the place of another, the API may be newer
 * than a worker. The queue hands it out again, until a newer worker takes it.
 */
export function requireKnown({ id, kind, store }: Work): void {
  if (OPERATION_KINDS.includes(kind) && ENGINES.includes(store.spec.engine)) return;
  throw new OperationLost(`The operation ${id} was asked for by a newer version, whose workers will take it.`);
}
