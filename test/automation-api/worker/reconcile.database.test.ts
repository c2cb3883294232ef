import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openFindings } from "../../../automation-api/database/finding-repository.ts";
import type { World } from "../../../automation-api/domain/reconcile.ts";
import { nowhereElse } from "../../../automation-api/worker/elsewhere.ts";
import { reconcile } from "../../../automation-api/worker/reconcile.ts";
import type { RunningWorker } from "../../../automation-api/worker/run-worker.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
let worker: RunningWorker;
beforeAll(async () => {
  test = await workerUnderTest();
});
beforeEach(async () => {
  worker = await test.start();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

const database = () => test.database.connection.database;
const empty: Omit<World, "stacks"> = { namespaces: [], objects: new Set(), releases: [], volumes: [] };
const worldOf = (...stores: string[]): Omit<World, "stacks"> => ({
  ...empty,
  namespaces: stores.map((store) => ({ name: `store-${store}`, isTerminating: false })),
  releases: stores.map((store) => ({ namespace: `store-${store}`, status: "deployed" })),
});

async function look(
  world: Omit<World, "stacks">,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<string[]> {
  await reconcile({
    connection: test.database.connection,
    readWorld: async () => {
      await meanwhile();
      return world;
    },
    listStacks: () => test.runner.list(),
    runner: test.runner,
    elsewhere: nowhereElse,
    workerId: worker.id,
    leaseSeconds: 30,
    patience: 600,
    logger: pino({ level: "silent" }),
  });
  const found = await openFindings(database(), { limit: 100, after: undefined });
  return found.map(({ kind, subject }) => `${kind} ${subject}`);
}

it("writes down what it finds, once, and that it is over when it is", async () => {
  await test.ended(await test.create("one"));

  const well = await look(worldOf("one"));
  const gone = await look(empty);
  const still = await look(empty);
  const back = await look(worldOf("one"));

  expect([well, gone, still, back]).toEqual([[], ["missing-namespace one"], ["missing-namespace one"], []]);
  const { rows } = await sql<{ count: string }>`select count(*) from findings`.execute(database());
  expect(rows[0]?.count).toBe("1");
});

it("says nothing about a store that was changed while it looked", async () => {
  await test.ended(await test.create("one"));

  const found = await look(empty, async () => test.ended(await test.remove("one")));

  expect(found).toEqual([]);
});

it("removes a stack that is left of a deleted store, and nothing that it cannot prove to be ours", async () => {
  const id = await test.create("one");
  await test.ended(id);
  const left = test.runner.stacks.get("one") ?? {};
  await test.ended(await test.remove("one"));
  test.runner.stacks.set("one", left);
  test.runner.stacks.set("by-hand", {});

  const fresh = await look(empty);
  const untouched = [...test.runner.stacks.keys()];
  await sql`update stores set deleted_at = now() - interval '1 hour'`.execute(database());
  await look(empty);

  expect(fresh).toEqual(["orphan-stack one", "orphan-stack by-hand"]);
  expect(untouched).toEqual(["one", "by-hand"]);
  expect([...test.runner.stacks.keys()]).toEqual(["by-hand"]);
  expect(await look(empty)).toEqual(["orphan-stack by-hand"]);
});

it("leaves the stack of a new store of the same name alone", async () => {
  await test.ended(await test.create("one"));
  await test.ended(await test.remove("one"));
  await sql`update stores set deleted_at = now() - interval '1 hour'`.execute(database());
  await test.ended(await test.create("one"));
  const calls = test.runner.calls.length;

  expect(await look(worldOf("one"))).toEqual([]);
  expect(test.runner.calls.slice(calls)).toEqual([]);
});

it("puts an operation back that the queue has lost", async () => {
  await worker.stop();
  const id = await test.create("one");
  await sql`delete from graphile_worker._private_jobs`.execute(database());

  await test.start();

  expect(await test.ended(id)).toMatchObject({ status: "succeeded" });
});
