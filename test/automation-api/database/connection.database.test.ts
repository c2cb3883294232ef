import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, isDatabaseUnreachable } from "../../../automation-api/database/connection.ts";
import { type MigratedDatabase, migratedDatabase } from "../../helpers/migrated-database.ts";

let migrated: MigratedDatabase;
beforeAll(async () => {
  migrated = await migratedDatabase();
});
afterAll(() => migrated.drop());

it("takes the locks from a process that is paused in the middle of a transaction", async () => {
  const paused = connect(migrated.url, { idleInTransaction: 200 });
  const client = await paused.pool.connect();
  const lost = once(client, "error");
  await client.query("begin");
  await client.query("lock table workers in access exclusive mode");

  await migrated.connection.database.selectFrom("workers").selectAll().execute();

  const [error] = await lost;
  expect(isDatabaseUnreachable(error)).toBe(true);
  await expect(client.query("commit")).rejects.toSatisfy(isDatabaseUnreachable);
  client.release(true);
  await paused.close();
});
