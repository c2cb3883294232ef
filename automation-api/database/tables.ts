import type { ColumnType, Generated } from "kysely";
import type { Spec } from "../../stores/spec.ts";
import type { OperationKind, OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";
import type { PeopleTables } from "./people-tables.ts";

// The rows of the database. Column names are written in camel case here and in snake case in PostgreSQL.

type Timestamp = ColumnType<Date, Date | undefined, Date>;
type OptionalTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** `jsonb`: given as text, read as a value. */
type Json<T> = ColumnType<T, string, string>;
export type AuditOutcome = "done" | "refused";
type OptionalJson = ColumnType<Record<string, unknown> | null, string | null, never>;

export interface StoreTable {
  id: string;
  organizationId: string;
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

export interface AuditEntryTable {
  id: Generated<string>;
  at: Timestamp;
  /** Name of who did it, and their id; the id is not known of what happened before there were several people. */
  actor: string;
  actorId: string | null;
  /** What they were known by: `session`, or `key` and its name. */
  via: string | null;
  /** Where from: network address and browser or program. */
  address: string | null;
  agent: string | null;
  correlationId: string | null;
  organizationId: string | null;
  /** Verb and noun, such as `create store`. */
  action: string;
  /** Name of what it was done to. */
  subject: string;
  before: OptionalJson;
  after: OptionalJson;
  outcome: ColumnType<AuditOutcome, AuditOutcome | undefined, never>;
  /** Ties every entry to the one before it; `null` in entries from before there was a chain. */
  previousHash: string | null;
  hash: string | null;
}

export interface Tables extends PeopleTables {
  stores: StoreTable;
  operations: OperationTable;
  progressEvents: ProgressEventTable;
  workers: WorkerTable;
  auditEntries: AuditEntryTable;
}
