import { runMigrations } from "graphile-worker";
import { type Migration, Migrator } from "kysely/migration";
import type { Connection } from "./connection.ts";
import { writeLegalMoves } from "./legal-moves-repository.ts";
import * as begin from "./migrations/0001-begin.ts";
import * as people from "./migrations/0003-people.ts";
import * as leases from "./migrations/0004-leases.ts";
import * as answers from "./migrations/0005-answers.ts";
import * as signIn from "./migrations/0006-sign-in.ts";
import * as totals from "./migrations/0007-totals.ts";
import * as webhooks from "./migrations/0007-webhooks.ts";

/** Every migration by name, in the order in which they run. Never change one that has been released: add another. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-begin": begin,
  "0003-people": people,
  "0004-leases": leases,
  "0005-answers": answers,
  "0006-sign-in": signIn,
  "0007-totals": totals,
  "0007-webhooks": webhooks,
};

/** Any number that nothing else in the database uses for an advisory lock; "fleet" on a telephone's keys. */
const LOCK = 35338;

function migratorOf({ database }: Connection): Migrator {
  return new Migrator({
    db: database.withoutPlugins(),
    provider: { getMigrations: async () => ({ ...migrations }) },
    // One that was written earlier may come later: they are independent of each other.
    allowUnorderedMigrations: true,
  });
}

/** Lets one process at a time work on the schema: two that start at once would otherwise create the same things. */
async function alone(connection: Connection, work: () => Promise<void>): Promise<void> {
  const client = await connection.pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await work();
  } finally {
    // The lock belongs to the session; closing it instead of giving it back frees the lock whatever happened.
    client.release(true);
  }
}

/** Brings our tables and those of the queue up to date. Safe when several processes start at once. */
export async function migrate(connection: Connection): Promise<void> {
  await alone(connection, async () => {
    const { error } = await migratorOf(connection).migrateToLatest();
    if (error !== undefined) throw new Error("The database could not be brought up to date.", { cause: error });
    await writeLegalMoves(connection);
    await runMigrations({ pgPool: connection.pool });
  });
}

/** Takes the newest migration of our tables back; every row in tables that it made is lost. The queue's stay. */
export async function migrateDown(connection: Connection): Promise<void> {
  await alone(connection, async () => {
    const { error } = await migratorOf(connection).migrateDown();
    if (error !== undefined) throw new Error("The newest migration could not be taken back.", { cause: error });
  });
}
