import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
beforeAll(async () => {
  test = await workerUnderTest();
});
afterAll(async () => {
  await test.reset();
  await test.drop();
});

it("leaves what only a newer version can do to workers of that version, and does the rest", async () => {
  const { database } = test.database.connection;
  const newer = await test.create("newer");
  await sql`update operations set kind = 'hibernate' where id = ${newer}`.execute(database);
  await test.start();

  const known = await test.ended(await test.create("known"));
  await sleep(200);

  expect(known.status).toBe("succeeded");
  const { rows } = await sql<{ status: string; attempt: number }>`
    select status, attempt from operations where id = ${newer}`.execute(database);
  expect(rows).toEqual([{ status: "queued", attempt: 0 }]);
  expect(test.log.join("\n")).toContain("was asked for by a newer version");
});
