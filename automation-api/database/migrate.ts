import { runMigrations } from "graphile-worker";
import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Connection, Database } from "./connection.ts";
import { writeLegalMoves } from "./legal-moves-repository.ts";
import * as begin from "./migrations/0001-begin.ts";
import * as people from "./migrations/0003-people.ts";
import * as leases from "./migrations/0004-leases.ts";
import * as answers from "./migrations/0005-answers.ts";
import * as signIn from "./migrations/0006-sign-in.ts";
import * as totals from "./migrations/0007-totals.ts";
import * as webhooks from "./migrations/0007-webhooks.ts";
import * as workerMeasures from "./migrations/0011-worker-measures.ts";
import * as lists from "./migrations/0012-lists.ts";
import * as rotation from "./migrations/0014-rotation.ts";
import * as auditTurn from "./migrations/0015-audit-turn.ts";
import * as clusters from "./migrations/0016-clusters.ts";
import * as fewerQuestions from "./migrations/0018-fewer-questions.ts";
import * as takeOvers from "./migrations/0019-take-overs.ts";

/** Every migration by name, in the order in which they run. Never change one that has been released: add another. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-begin": begin,
  "0003-people": people,
  "0004-leases": leases,
  "0005-answers": answers,
  "0006-sign-in": signIn,
  "0007-totals": totals,
  "0007-webhooks": webhooks,
  "0011-worker-measures": workerMeasures,
  "0012-lists": lists,
  "0014-rotation": rotation,
  "0015-audit-turn": auditTurn,
  "0016-clusters": clusters,
  "0018-fewer-questions": fewerQuestions,
  "0019-take-overs": takeOvers,
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
async function alone<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const client = await connection.pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    return await work();
  } finally {
    // The lock belongs to the session; closing it instead of giving it back frees the lock whatever happened.
    client.release(true);
  }
}

/**
 * Brings our tables and those of the queue up to date. Safe when several processes start at once. A database that a newer
 * version has changed is left as it is: while one version takes the place of another, processes of both run, and each
 * migration leaves what the version before it needs.
 * @returns names of the migrations that only a newer version knows
 */
export async function migrate(connection: Connection): Promise<readonly string[]> {
  return alone(connection, async () => {
    const newer = await newerMigrations(connection);
    if (newer.length > 0) return newer;
    const { error } = await migratorOf(connection).migrateToLatest();
    if (error !== undefined) throw new Error("The database could not be brought up to date.", { cause: error });
    await writeLegalMoves(connection);
    await runMigrations({ pgPool: connection.pool });
    return [];
  });
}

/** Throws when the database is newer in some things and older in others: then no version fits it. */
async function newerMigrations({ pool }: Connection): Promise<readonly string[]> {
  const found = await pool.query<{ there: boolean }>("select to_regclass('kysely_migration') is not null as there");
  if (found.rows[0]?.there !== true) return [];
  const { rows } = await pool.query<{ name: string }>("select name from kysely_migration order by name");
  const done = new Set(rows.map(({ name }) => name));
  const newer = [...done].filter((name) => !Object.hasOwn(migrations, name));
  const missing = Object.keys(migrations).filter((name) => !done.has(name));
  if (newer.length === 0 || missing.length === 0) return newer;
  throw new Error(
    `This version does not fit the database: it does not know ${newer.join(", ")}, and ${missing.join(", ")} would come before. Use a newer version.`,
  );
}

/**
 * Takes migrations of our tables back; every row in tables that they made is lost. The queue's stay.
 * @param to the newest one that stays. Default: all but the newest
 */
export async function migrateDown(connection: Connection, to?: string): Promise<void> {
  if (to !== undefined && !Object.hasOwn(migrations, to)) {
    throw new Error(`There is no migration "${to}"; give one of: ${Object.keys(migrations).join(", ")}.`);
  }
  await alone(connection, async () => {
    const migrator = migratorOf(connection);
    const { error } = await (to === undefined ? migrator.migrateDown() : migrator.migrateTo(to));
    if (error !== undefined) throw new Error("The newest migration could not be taken back.", { cause: error });
  });
}

export interface RollBackOptions {
  /** Done before anything is taken back, and undone when something cannot be. */
  readonly before?: (transaction: Database) => Promise<void>;
  /** Whether only to find out if it can be done. */
  readonly check?: boolean;
}

/** Undoes a transaction in which all went well. */
class OnlyAsked extends Error {}

/**
 * Takes back what an older version does not know, the newest first: all of it or, when one says that it cannot, nothing.
 * @param known names of the migrations that the older version knows
 * @returns names of those that were, or could be, taken back
 */
export async function rollBack(
  connection: Connection,
  known: readonly string[],
  { before, check = false }: RollBackOptions = {},
): Promise<readonly string[]> {
  const strange = known.filter((name) => !Object.hasOwn(migrations, name));
  if (known.length === 0 || strange.length > 0) {
    const what = strange.length > 0 ? `it knows ${strange.join(", ")}` : "it knows no migration";
    throw new Error(`That is no version before this one: ${what}. Name an older version, or use a newer Storefleet.`);
  }
  let taken: readonly string[] = [];
  const work = connection.database.transaction().execute(async (transaction) => {
    // Nobody else changes the schema meanwhile.
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    taken = await notKnown(transaction, known);
    if (taken.length > 0) await before?.(transaction);
    await takeBack(transaction.withoutPlugins(), taken);
    if (check) throw new OnlyAsked();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof OnlyAsked)) throw error;
  });
  return taken;
}

async function notKnown(database: Database, known: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name desc`.execute(database);
  return rows.map(({ name }) => name).filter((name) => !known.includes(name));
}

async function takeBack(database: Database, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const down = migrations[name]?.down;
    if (down === undefined) throw new Error(`${name} was made by a newer version; only that one takes it back.`);
    await down(database);
    await sql`delete from kysely_migration where name = ${name}`.execute(database);
  }
}
