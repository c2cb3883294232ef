import { sql } from "kysely";
import { type Connection, connect } from "../../automation-api/database/connection.ts";
import { migrate } from "../../automation-api/database/migrate.ts";
import { createTestDatabase } from "./database.ts";

export interface MigratedDatabase {
  readonly url: string;
  readonly connection: Connection;
  /** Removes every row of ours and of the queue. */
  empty(): Promise<void>;
  /** Closes the connection and removes the database. */
  drop(): Promise<void>;
}

/** A fresh database with all tables; for tests in files named `*.database.test.ts`. */
export async function migratedDatabase(): Promise<MigratedDatabase> {
  const database = await createTestDatabase();
  const connection = connect(database.url);
  await migrate(connection);
  return {
    url: database.url,
    connection,
    empty: async () => {
      await sql`truncate stores, operations, progress_events, workers, sign_in_tokens, sessions, idempotency_keys,
        audit_entries, graphile_worker._private_jobs, graphile_worker._private_job_queues`.execute(connection.database);
    },
    drop: async () => {
      await connection.close();
      await database.drop();
    },
  };
}
