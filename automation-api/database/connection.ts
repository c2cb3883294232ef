import { CamelCasePlugin, Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { type Faults, noFaults } from "../fault-points.ts";
import { addressesOf, clientOf } from "./hosts.ts";
import { rememberingPool } from "./remembering-pool.ts";
import type { Tables } from "./tables.ts";

/** Typed queries; a transaction is one, too, so repositories take either. */
export type Database = Kysely<Tables>;

/** The way to the database: typed queries, and the pool below them for those who bring their own SQL or LISTEN. */
export interface Connection {
  readonly database: Database;
  readonly pool: Pool;
  /** Told between the steps of what is written here and done because of it. */
  readonly faults: Faults;
  /** Waits for the queries under way and closes every connection. Doing so twice is fine. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Connections at the same time, at most. Default 10. */
  readonly maxConnections?: number;
  /** How long a query waits for a connection before it fails, in milliseconds. Default 5000. */
  readonly connectTimeout?: number;
  /**
   * How long a transaction may do nothing before PostgreSQL ends it and gives its locks away, in milliseconds. Default
   * 5000: a process that is paused in the middle of one must not hold up the others for longer than its lease lasts.
   */
  readonly idleInTransaction?: number;
  /** Told when a connection breaks that nobody is using at that moment. Default: nothing happens. */
  readonly onLost?: (error: Error) => void;
  /** Default: nothing dies on purpose. */
  readonly faults?: Faults | undefined;
}

/**
 * Connects when the first query comes; an address that does not answer shows there, not here.
 * @param url may name several servers, `postgres://…@one:5432,two:5432/…`: each connection goes to the one that takes writes
 */
export function connect(url: string, options: ConnectOptions = {}): Connection {
  const addresses = addressesOf(url);
  const connectTimeout = options.connectTimeout ?? 5000;
  const pool = new Pool({
    connectionString: addresses[0],
    // A single server is taken as it is, whether it takes writes or not.
    ...(addresses.length > 1 && { Client: clientOf(addresses, connectTimeout / 2) }),
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: connectTimeout,
    idle_in_transaction_session_timeout: options.idleInTransaction ?? 5000,
    application_name: "storefleet",
  });
  // Without listeners, a database that restarts would end the process: both the pool and a client that is taken out of
  // it say "error" when their connection breaks between two queries. The next query fails, or gets a new connection.
  const lost = options.onLost ?? (() => {});
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));

  const database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: rememberingPool(pool) }),
    // Values inside of jsonb keep their keys as they are: they are our own objects, not rows.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  let closing: Promise<void> | undefined;
  return {
    database,
    pool,
    faults: options.faults ?? noFaults,
    close: () => {
      closing ??= database.destroy().then(() => (pool.ended ? undefined : pool.end()));
      return closing;
    },
  };
}

/** Whether the database answers now. */
export async function isAnswering({ pool }: Pick<Connection, "pool">): Promise<boolean> {
  try {
    await pool.query("select 1");
    return true;
  } catch {
    return false;
  }
}

/** Of a dead lock between two transactions PostgreSQL ends one, which may simply try again (40P01, 40001). */
const TRY_AGAIN: ReadonlySet<string> = new Set(["40P01", "40001"]);

/** Runs `work` in one transaction. A transaction that PostgreSQL ended to let another one go on is tried again. */
export async function inTransaction<T>(
  connection: Pick<Connection, "database">,
  work: (transaction: Database) => Promise<T>,
  tries = 3,
): Promise<T> {
  try {
    return await connection.database.transaction().execute(work);
  } catch (error) {
    if (tries > 1 && TRY_AGAIN.has(codeOf(error))) return inTransaction(connection, work, tries - 1);
    throw error;
  }
}

/** How often a transaction whose owner waits for something else says that it is wanted, in milliseconds. */
const AWAKE = 1000;

/**
 * Waits for `work`, which asks this transaction nothing and may take longer than one may do nothing. Of a process that is paused or
 * gone it is ended all the same.
 */
export async function keepAwake<T>(transaction: Database, work: () => Promise<T>): Promise<T> {
  let asked: Promise<unknown> = Promise.resolve();
  // That it has failed is told by the next question, or by the commit.
  const timer = setInterval(() => {
    asked = asked.then(() => sql`select`.execute(transaction)).catch(() => {});
  }, AWAKE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await asked;
  }
}

/**
 * Refused, reset, no such host or socket; and PostgreSQL's classes for broken connections, shutting down, too many
 * clients, a wrong password, a database that is not there or lets nobody in, and a transaction that did nothing for too
 * long; one that is only read, until another server is promoted; and one that cannot write, until its disk has room.
 */
const UNREACHABLE =
  /^(ECONN\w+|ENOENT|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|08\w{3}|57P0\w|53300|28\w{3}|3D000|55000|25P03|25006|53100)$/;

/** Whether a query failed because the database cannot be reached now, not because of what was asked. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnreachable);
  // None of these has a code of its own.
  const said =
    /^(timeout exceeded when trying to connect|Connection terminated|Client (was closed|has encountered a connection error) and is not queryable)/.test(
      error.message,
    );
  return said || UNREACHABLE.test(codeOf(error));
}

/** Whether a query failed because the database's disk is full; such a database counts as one that cannot be reached, too. */
export function isDatabaseFull(error: unknown): boolean {
  return codeOf(error) === "53100";
}

/** Whether a row was refused because another one has the same value under the unique index of this name. */
export function isTaken(error: unknown, index: string): boolean {
  return codeOf(error) === "23505" && error instanceof Error && "constraint" in error && error.constraint === index;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
