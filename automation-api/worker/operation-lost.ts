/** Another worker has the operation now. Its entry in the queue is theirs, too, and must not be completed by us. */
export class OperationLost extends Error {
  override readonly name = "OperationLost";
}
