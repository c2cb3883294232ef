import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAnswering } from "../../../automation-api/database/connection.ts";
import { addressesOf, findPrimary } from "../../../automation-api/database/hosts.ts";
import { migrated } from "../../helpers/migrated-database.ts";
import { type ReplicatedDatabase, replicatedDatabase } from "../../helpers/replicated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { createPatiently, linesOf, linesUpTo, tellLines } from "./patient-client.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

const stores = 20;
const lines = 10;
/** How long it takes whoever watches over the database to see that the primary is gone, in milliseconds. */
const NOTICED = 5000;

let database: ReplicatedDatabase;
let test: WorkerUnderTest;
let bea: Awaited<ReturnType<typeof someActor>>;
beforeAll(async () => {
  database = await replicatedDatabase();
  test = await workerUnderTest(await migrated({ url: database.url, drop: database.stop }));
  bea = await someActor(test.database.connection, "bea");
});
afterAll(async () => {
  await test?.reset();
  await test?.drop();
});

it(`loses none of ${stores} creations while a replica takes the place of the primary, and goes on within 30 seconds`, async () => {
  tellLines(test.runner, lines, 150);
  const workers = await Promise.all([test.start({ leaseSeconds: 20 }), test.start({ leaseSeconds: 20 })]);
  let hasFailed = false;
  for (const worker of workers) void worker.failed.then(() => (hasFailed = true));
  const asking = Array.from({ length: stores }, async (_, index) => {
    await sleep(index * 200);
    return createPatiently(test, bea, `kept-${index}`);
  });

  await sleep(1500);
  database.killPrimary();
  await sleep(NOTICED);
  await database.promote();
  const promoted = performance.now();
  while (!(await isAnswering(test.database.connection))) await sleep(50);
  const ids = await Promise.all(asking);
  const answered = (performance.now() - promoted) / 1000;
  await test.ended(ids[0]!);
  const resumed = (performance.now() - promoted) / 1000;
  const ended = [];
  for (const id of ids) ended.push(await test.ended(id));
  const all = (performance.now() - promoted) / 1000;

  process.stdout.write(
    `after the promotion: every request answered in ${answered.toFixed(1)} s, the first operation ended in ${resumed.toFixed(1)} s, all ${stores} in ${all.toFixed(1)} s\n`,
  );
  expect(ended.map(({ status, reason }) => [status, reason])).toEqual(Array(stores).fill(["succeeded", undefined]));
  expect(new Set(ids).size).toBe(stores);
  expect(hasFailed).toBe(false);
  expect(resumed).toBeLessThan(30);
  for (const id of ids) {
    expect(new Set(await linesOf(test, id))).toEqual(new Set(linesUpTo(lines)));
  }
}, 180_000);

it("does not go back to the old primary when that comes back", async () => {
  const addresses = addressesOf(database.url);
  expect(await findPrimary(addresses)).toBe(addresses[1]);

  await database.restartPrimary();

  expect(await findPrimary(addresses)).toBe(addresses[1]);
}, 60_000);
