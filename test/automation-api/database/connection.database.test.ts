import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  connect,
  inTransaction,
  isDatabaseUnreachable,
  keepAwake,
} from "../../../automation-api/database/connection.ts";
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

it("keeps a transaction whose owner waits for something else, and only when it is told so", async () => {
  const connection = connect(migrated.url, { idleInTransaction: 1300 });
  const wait = () => sleep(2800);
  const after = (held: (wait: () => Promise<void>) => Promise<void>) =>
    inTransaction(connection, async (transaction) => {
      await sql`select 1`.execute(transaction);
      await held(() => keepAwake(transaction, wait));
      return (await sql<{ is: number }>`select 1 as is`.execute(transaction)).rows[0]?.is;
    });

  const kept = after((awake) => awake());
  const ended = after(wait);

  await expect(ended).rejects.toSatisfy(isDatabaseUnreachable);
  expect(await kept).toBe(1);
  await connection.close();
}, 15_000);
