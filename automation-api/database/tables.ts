import type { ColumnType, Generated } from "kysely";
import type { Spec } from "../../stores/spec.ts";
import type { FindingKind } from "../contract/finding.ts";
import type { OperationKind, OperationStatus, Progress, ProgressEvent } from "../contract/operation.ts";
import type { StackResource, StoreStatus } from "../contract/store.ts";
import type { ClusterTables } from "./cluster-tables.ts";
import type { PeopleTables } from "./people-tables.ts";
import type { WebhookTables } from "./webhook-tables.ts";

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
  /** How often its secrets have been made anew. */
  rotation: ColumnType<number, number | undefined, number>;
  /** Name of the cluster it runs in, for its life. Default: the home cluster. */
  cluster: ColumnType<string, string | undefined, never>;
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
  /** Number of the lease under which it runs; see `lease-repository.ts`. */
  fencing: ColumnType<string | null, string | null | undefined, string | null>;
  queuedAt: Timestamp;
  startedAt: OptionalTimestamp;
  finishedAt: OptionalTimestamp;
  cancelRequestedAt: OptionalTimestamp;
  progress: Json<Progress>;
  reason: string | null;
  /** Of the request that asked for it. */
  correlationId: ColumnType<string | null, string | null | undefined, never>;
  /** The span of that request. */
  traceparent: ColumnType<string | null, string | null | undefined, never>;
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

/** What a process said of itself with its last sign of life. */
export interface WorkerMeasures {
  readonly residentBytes: number;
  /** Since it started. */
  readonly cpuSeconds: number;
  /** The latest that its event loop came to anything since the sign of life before. */
  readonly lagSeconds: number;
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
  /** `null` before its first sign of life. */
  measures: ColumnType<WorkerMeasures | null, string | null | undefined, string>;
  stoppedAt: OptionalTimestamp;
}

/** The right to work on one store. */
export interface StoreLeaseTable {
  storeId: string;
  /** Grows with every taking. A 64-bit number as text. */
  fencing: string;
  /** `null` while nobody holds it. */
  workerId: string | null;
  expiresAt: Timestamp;
}

/** Which moves the database lets happen. */
export interface LegalMoveTable {
  subject: "operations" | "stores";
  fromStatus: string;
  toStatus: string;
}

/** One move of an operation, or of a store, written by the database itself. */
export interface TransitionTable {
  id: Generated<string>;
  at: Timestamp;
  storeId: string;
  /** `null` for a move of the store. */
  operationId: string | null;
  /** `null` for the first one. */
  fromStatus: string | null;
  toStatus: string;
  cause: string | null;
}

/** Something that is not as it should be, found by comparing what we know with what there is. */
export interface FindingTable {
  id: Generated<string>;
  kind: FindingKind;
  /** What it is about, such as the name of a namespace; with the kind, unique among those that still hold. */
  subject: string;
  text: string;
  firstSeenAt: Timestamp;
  lastSeenAt: Timestamp;
  /** When it was found to be over. */
  resolvedAt: OptionalTimestamp;
  /** Name of the cluster in which it was found. */
  cluster: ColumnType<string, string | undefined, string>;
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

export interface Tables extends PeopleTables, WebhookTables, ClusterTables {
  stores: StoreTable;
  operations: OperationTable;
  progressEvents: ProgressEventTable;
  workers: WorkerTable;
  storeLeases: StoreLeaseTable;
  legalMoves: LegalMoveTable;
  transitions: TransitionTable;
  findings: FindingTable;
  auditEntries: AuditEntryTable;
}
