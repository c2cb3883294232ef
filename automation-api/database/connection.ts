import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import type { Tables } from "./tables.ts";

/** The way to the database: typed queries, and the pool below them for those who bring their own SQL or LISTEN. */
export interface Connection {
  readonly database: Kysely<Tables>;
  readonly pool: Pool;
  /** Waits for the queries under way and closes every connection. Doing so twice is fine. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Connections at the same time, at most. Default 10. */
  readonly maxConnections?: number;
  /** How long a query waits for a connection before it fails, in milliseconds. Default 5000. */
  readonly connectTimeout?: number;
  /** Told when a connection breaks that nobody is using at that moment. Default: nothing happens. */
  readonly onLost?: (error: Error) => void;
}

/** Connects when the first query comes; an address that does not answer shows there, not here. */
export function connect(url: string, options: ConnectOptions = {}): Connection {
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 5000,
    application_name: "storefleet",
  });
  // Without listeners, a database that restarts would end the process: both the pool and a client that is taken out of
  // it say "error" when their connection breaks between two queries. The next query fails, or gets a new connection.
  const lost = options.onLost ?? (() => {});
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));

  const database = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // Values inside of jsonb keep their keys as they are: they are our own objects, not rows.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  let closing: Promise<void> | undefined;
  return {
    database,
    pool,
    close: () => {
      closing ??= database.destroy().then(() => (pool.ended ? undefined : pool.end()));
      return closing;
    },
  };
}
