import { sql } from "kysely";
import { type Connection, type ConnectOptions, connect } from "../../automation-api/database/connection.ts";
import { migrate } from "../../automation-api/database/migrate.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { liftLimits } from "./lift-limits.ts";

export interface MigratedDatabase {
  readonly url: string;
  readonly connection: Connection;
  /** Removes every row of ours and of the queue. */
  empty(): Promise<void>;
  /** Closes the connection and removes the database. */
  drop(): Promise<void>;
}

/** A fresh database with all tables; for tests in files named `*.database.test.ts`. */
export async function migratedDatabase(options: ConnectOptions = {}): Promise<MigratedDatabase> {
  return migrated(await createTestDatabase(), options);
}

/** An empty database of a server of one's own, with all tables. */
export async function migrated(database: TestDatabase, options: ConnectOptions = {}): Promise<MigratedDatabase> {
  const connection = connect(database.url, options);
  await migrate(connection);
  await liftLimits(connection);
  return {
    url: database.url,
    connection,
    empty: async () => {
      await connection.database.transaction().execute(async (transaction) => {
        // The audit log refuses to forget; only a superuser who stands in for replication can make it.
        await sql`set local session_replication_role = replica`.execute(transaction);
        await sql`truncate stores, operations, progress_events, workers, sign_in_tokens, sessions, idempotency_keys,
          audit_entries, findings, graphile_worker._private_jobs, graphile_worker._private_job_queues cascade`.execute(
          transaction,
        );
      });
    },
    drop: async () => {
      await connection.close();
      await database.drop();
    },
  };
}
