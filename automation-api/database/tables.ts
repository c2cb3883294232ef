import type { ColumnType, Generated } from "kysely";
import type { Spec } from "../../stores/spec.ts";
import type { OperationKind, OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";

// The rows of the database. Column names are written in camel case here and in snake case in PostgreSQL.

type Timestamp = ColumnType<Date, Date | undefined, Date>;
type OptionalTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** `jsonb`: given as text, read as a value. */
type Json<T> = ColumnType<T, string, string>;

export interface StoreTable {
  id: string;
  /** Unique among stores that are not deleted. */
  name: string;
  spec: Json<Spec>;
  status: StoreStatus;
  reason: string | null;
  /** Plain outputs of the stack. Secret ones never come here. */
  outputs: Json<Record<string, unknown>>;
  resources: Json<StackResource[]>;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  deletedAt: OptionalTimestamp;
}

export interface OperationTable {
  id: string;
  storeId: string;
  kind: OperationKind;
  status: OperationStatus;
  attempt: ColumnType<number, number | undefined, number>;
  askedBy: string;
  /** The worker that works on it; only it may write to a running operation. */
  workerId: string | null;
  queuedAt: Timestamp;
  startedAt: OptionalTimestamp;
  finishedAt: OptionalTimestamp;
  cancelRequestedAt: OptionalTimestamp;
  progress: Json<Progress>;
  reason: string | null;
}

export interface ProgressEventTable {
  operationId: string;
  /** From 1, without gaps, per operation. */
  sequence: number;
  at: Timestamp;
  kind: ProgressEvent["kind"];
  severity: ProgressEvent["severity"];
  text: string;
  status: OperationStatus;
  progress: Json<Progress>;
}

/** One process that takes operations. */
export interface WorkerTable {
  id: string;
  hostname: string;
  pid: number;
  /** When the process started, as the system tells it: tells a reused number from the same process. */
  processStart: string;
  /** The name under which it locks entries of the queue, once it has begun to take any. */
  lockedAs: string | null;
  startedAt: Timestamp;
  heartbeatAt: Timestamp;
  stoppedAt: OptionalTimestamp;
}

export interface SignInTokenTable {
  /** SHA-256 of the token, in hexadecimal. */
  hash: string;
  userName: string;
  createdAt: Timestamp;
  expiresAt: Date;
  usedAt: OptionalTimestamp;
}

export interface SessionTable {
  /** SHA-256 of what the cookie holds, in hexadecimal. */
  hash: string;
  userName: string;
  createdAt: Timestamp;
  expiresAt: Date;
}

/** Answers given before, so that a request sent twice is carried out once. */
export interface IdempotencyKeyTable {
  userName: string;
  key: string;
  /** SHA-256 of method, path and body: the same key with another request is refused. */
  requestHash: string;
  operationId: string;
  createdAt: Timestamp;
}

export interface AuditEntryTable {
  id: Generated<string>;
  at: Timestamp;
  actor: string;
  /** Verb and noun, such as `create store`. */
  action: string;
  /** Name of the store. */
  subject: string;
  detail: Json<Record<string, unknown>>;
}

export interface Tables {
  stores: StoreTable;
  operations: OperationTable;
  progressEvents: ProgressEventTable;
  workers: WorkerTable;
  signInTokens: SignInTokenTable;
  sessions: SessionTable;
  idempotencyKeys: IdempotencyKeyTable;
  auditEntries: AuditEntryTable;
}
