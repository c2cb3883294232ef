import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Connection, connect } from "../../../automation-api/database/connection.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";

let migrated: MigratedDatabase;
let connection: Connection;
beforeAll(async () => {
  migrated = await migratedDatabase();
  // All of it on one, which can then be asked what is remembered on it.
  connection = connect(migrated.url, { maxConnections: 1 });
});
afterAll(async () => {
  await connection?.close();
  await migrated?.drop();
});

async function remembered(containing: string): Promise<number> {
  const text = `select count(*)::int as count from pg_prepared_statements where statement like '%${containing}%'`;
  const { rows } = await connection.pool.query<{ count: number }>(text);
  return rows[0]?.count ?? -1;
}

it("lets PostgreSQL remember what is asked often, and nothing else", async () => {
  const { database } = connection;
  const ask = (id: number) => sql<{ sum: number }>`select 1000 + ${id}::int as sum`.execute(database);
  await ask(1);
  expect(await remembered("1000 +")).toBe(0);
  for (let id = 0; id < 10; id += 1) expect((await ask(id)).rows).toEqual([{ sum: 1000 + id }]);
  expect(await remembered("1000 +")).toBe(1);
});

it("remembers no more than a hundred, however many there are", async () => {
  const { database } = connection;
  for (let kind = 0; kind < 150; kind += 1) {
    for (let time = 0; time < 6; time += 1) {
      await sql`select ${sql.lit(kind)} + 2000 + ${time}::int as sum`.execute(database);
    }
  }
  expect(await remembered("")).toBeLessThanOrEqual(100);
});

it("goes on when a newer version adds a column to a table of which all columns are asked", async () => {
  const { database } = connection;
  const ask = () => database.selectFrom("stores").selectAll().where("name", "=", "shop").execute();
  for (let time = 0; time < 10; time += 1) await ask();
  await sql`alter table stores add column later text`.execute(database);
  await expect(ask()).resolves.toEqual([]);
});
