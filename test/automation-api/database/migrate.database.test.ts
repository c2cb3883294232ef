import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Connection, connect } from "../../../automation-api/database/connection.ts";
import { migrate, migrateDown, rollBack } from "../../../automation-api/database/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../../helpers/database.ts";

describe("migrate", () => {
  let database: TestDatabase;
  const connections: Connection[] = [];

  function open(): Connection {
    const connection = connect(database.url);
    connections.push(connection);
    return connection;
  }

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    await database.drop();
  });

  async function tables({ database: rows }: Connection, schema: string): Promise<string[]> {
    const found = await sql<{ tableName: string }>`
      select table_name from information_schema.tables where table_schema = ${schema}`.execute(rows);
    return found.rows.map(({ tableName }) => tableName);
  }

  it("makes our tables and those of the queue, and changes nothing the second time", async () => {
    const connection = open();

    await migrate(connection);
    await migrate(connection);

    expect(await tables(connection, "public")).toEqual(
      expect.arrayContaining(["stores", "operations", "progress_events", "workers", "sessions", "audit_entries"]),
    );
    expect(await tables(connection, "graphile_worker")).toContain("_private_jobs");
  });

  it("goes down to nothing of ours and up again", async () => {
    const connection = open();
    await migrate(connection);

    const left = async () => (await tables(connection, "public")).filter((name) => !name.startsWith("kysely_"));
    for (let steps = 0; steps < 20 && (await left()).length > 0; steps += 1) await migrateDown(connection);
    expect(await left()).toEqual([]);

    await migrate(connection);
    expect(await tables(connection, "public")).toContain("operations");
  });

  it("gives what was there before there were several people to the first of them", async () => {
    const connection = open();
    await migrate(connection);
    while ((await tables(connection, "public")).includes("organizations")) await migrateDown(connection);
    await connection.pool.query(`
      insert into stores (id, name, spec, status) values (gen_random_uuid(), 'old-shop', '{}', 'ready');
      insert into sessions (hash, user_name, expires_at) values ('abc', 'owner', now() + interval '1 day');
      insert into audit_entries (actor, action, subject) values ('owner', 'create store', 'old-shop')`);

    await migrate(connection);

    const { rows } = await connection.pool.query(`
      select stores.name as store, organizations.name as organization, users.name as person, users.administrator,
        members.role, audit_entries.action, audit_entries.organization_id = organizations.id as audited
      from stores join organizations on organizations.id = stores.organization_id
      join members on members.organization_id = organizations.id join users on users.id = members.user_id
      join sessions on sessions.user_id = users.id, audit_entries`);
    expect(rows).toEqual([
      {
        store: "old-shop",
        organization: "main",
        person: "owner",
        administrator: true,
        role: "owner",
        action: "create store",
        audited: true,
      },
    ]);
  });

  it("goes down to a migration that is named, and refuses one that is not there", async () => {
    const connection = open();
    await migrate(connection);

    await migrateDown(connection, "0003-people");

    expect(await tables(connection, "public")).not.toContain("store_leases");
    expect(await tables(connection, "public")).toContain("organizations");
    await expect(migrateDown(connection, "0000-nothing")).rejects.toThrow(
      'There is no migration "0000-nothing"; give one of: 0001-begin,',
    );
  });

  it("leaves a database as it is that a newer version has changed, and says so", async () => {
    const connection = open();
    await migrate(connection);
    await connection.pool.query(`
      insert into kysely_migration (name, timestamp) values ('9999-later', '2099-01-01');
      insert into legal_moves (subject, from_status, to_status) values ('stores', 'ready', 'hibernating')`);

    expect(await migrate(connection)).toEqual(["9999-later"]);

    const { rows } = await connection.pool.query("select from legal_moves where to_status = 'hibernating'");
    expect(rows).toHaveLength(1);
  });

  it("does not go on with a database that is newer in some things and older in others", async () => {
    const connection = open();
    await migrate(connection);
    await migrateDown(connection);
    await connection.pool.query("insert into kysely_migration (name, timestamp) values ('9999-later', '2099-01-01')");

    await expect(migrate(connection)).rejects.toThrow(
      "This version does not fit the database: it does not know 9999-later",
    );
  });

  const names = async ({ pool }: Connection) =>
    (await pool.query<{ name: string }>("select name from kysely_migration order by name")).rows.map(
      ({ name }) => name,
    );

  it("takes back what an older version does not know, in whichever order it came", async () => {
    const connection = open();
    await migrate(connection);
    const known = (await names(connection)).filter((name) => name < "0012" || name === "0015-audit-turn");

    const all = await names(connection);
    expect(await rollBack(connection, known, { check: true })).toContain("0014-rotation");
    expect(await names(connection)).toEqual(all);
    expect(await rollBack(connection, known)).toEqual(expect.arrayContaining(["0014-rotation", "0012-lists"]));

    expect(await names(connection)).toEqual(known);
    expect(await rollBack(connection, known)).toEqual([]);
    await migrate(connection);
    expect(await names(connection)).toContain("0014-rotation");
  });

  it.each([
    ["rotation", "1", "The secrets of old-shop were made anew, which an older version does not know of"],
    ["cluster", "'elsewhere'", "The cluster of old-shop is one that an older version does not know of"],
  ])("takes nothing back while a store has a %s that an older version would not find", async (column, value, why) => {
    const connection = open();
    await migrate(connection);
    const all = await names(connection);
    await connection.pool.query(`
      insert into stores (id, name, spec, status, ${column}, organization_id)
      select gen_random_uuid(), 'old-shop', '{}', 'ready', ${value}, id from organizations`);

    await expect(rollBack(connection, ["0001-begin", "0003-people"])).rejects.toThrow(why);
    expect(await names(connection)).toEqual(all);
  });

  it("knows no way back to a version that is newer, or to none", async () => {
    const connection = open();
    await migrate(connection);

    await expect(rollBack(connection, ["0001-begin", "9999-later"])).rejects.toThrow("it knows 9999-later");
    await expect(rollBack(connection, [])).rejects.toThrow("it knows no migration");
  });

  it("lets several processes start at once", async () => {
    const outcomes = await Promise.allSettled([open(), open(), open(), open()].map((each) => migrate(each)));

    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
  });
});
