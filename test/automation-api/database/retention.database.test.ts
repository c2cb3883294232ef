import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { prune } from "../../../automation-api/database/retention-repository.ts";
import { type WorkerUnderTest, workerUnderTest } from "../worker/worker-under-test.ts";

let test: WorkerUnderTest;
beforeAll(async () => {
  test = await workerUnderTest();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

const { raw } = sql;
async function count(table: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from ${raw(table)}`.execute(
    test.database.connection.database,
  );
  return Number(rows[0]?.count);
}
const age = (table: string, ...columns: string[]) =>
  sql`update ${raw(table)} set ${raw(columns.map((column) => `${column} = ${column} - interval '100 days'`).join(", "))}`.execute(
    test.database.connection.database,
  );

it("forgets old operations with their events and moves, but the newest of a store never", async () => {
  await test.start();
  const id = await test.create("one");
  await test.cancel(id).catch(() => {});
  await test.ended(id);
  const last = await test.remove("one");
  await test.ended(last);
  await sql`update stores set deleted_at = null`.execute(test.database.connection.database);
  await age("operations", "queued_at", "finished_at");

  const pruned = await prune(test.database.connection, 90);

  expect(pruned).toMatchObject({ operations: 1, stores: 0 });
  await expect(test.operation(id)).rejects.toThrow("There is no operation");
  expect(await test.events(last)).not.toEqual([]);
  expect(await test.events(id)).toEqual([]);
});

it("keeps the history of deleted stores until it is old; the audit log stays", async () => {
  await test.start();
  await test.ended(await test.create("one"));
  await test.ended(await test.remove("one"));
  const audited = await count("audit_entries");

  expect(await prune(test.database.connection, 90)).toMatchObject({ stores: 0, operations: 0 });
  expect(await count("transitions")).toBeGreaterThan(0);
  await age("stores", "deleted_at");
  const pruned = await prune(test.database.connection, 90);

  expect(pruned.stores).toBe(1);
  for (const table of ["stores", "operations", "progress_events", "transitions", "store_leases"]) {
    expect([table, await count(table)]).toEqual([table, 0]);
  }
  expect(await count("audit_entries")).toBe(audited);
});

it("forgets workers that nothing names any more", async () => {
  const worker = await test.start();
  await test.ended(await test.create("one"));
  await worker.stop();
  const idle = await test.start();
  await idle.stop();
  await age("workers", "stopped_at");

  expect((await prune(test.database.connection, 90)).workers).toBe(1);
  expect(await count("workers")).toBe(1);
});
