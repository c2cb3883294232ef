import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Connection, connect } from "../../../automation-api/database/connection.ts";
import type { RunningWorker } from "../../../automation-api/worker/run-worker.ts";
import { type DatabaseProxy, databaseProxy } from "../../helpers/database-proxy.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

// How long the database is away, in seconds: twice the lease here; a minute in `npm run test:kill`.
const away = Number(process.env.STOREFLEET_TEST_AWAY ?? 6);
const leaseSeconds = 3;

let test: WorkerUnderTest;
let proxy: DatabaseProxy;
const connections: Connection[] = [];
beforeAll(async () => {
  test = await workerUnderTest();
  proxy = await databaseProxy(test.database.url);
});
afterEach(() => test.reset());
afterAll(async () => {
  for (const connection of connections) await connection.close();
  await proxy.close();
  await test.drop();
});

function startBehindProxy(): Promise<RunningWorker> {
  const connection = connect(proxy.url, { connectTimeout: 1000 });
  connections.push(connection);
  return test.start({ connection, leaseSeconds, interval: 300, poll: 200, concurrency: 2 });
}

it(`loses nothing while the database is away for ${away} seconds, and goes on by itself`, {
  timeout: (away + 60) * 1000,
}, async () => {
  const release = Promise.withResolvers<void>();
  test.runner.onUp = async (stack, { onEvent, lease }) => {
    if (stack.startsWith("late")) return;
    for (let line = 1; line <= 50; line += 1) {
      onEvent?.({ kind: "message", severity: "warning", text: `line ${line}` });
      await sleep((away * 1000) / 60);
    }
    await lease?.check();
    await release.promise;
  };
  const workers = await Promise.all([startBehindProxy(), startBehindProxy()]);
  let hasFailed = false;
  for (const worker of workers) void worker.failed.then(() => (hasFailed = true));
  const early = await Promise.all(["one", "two", "three", "four"].map((name) => test.create(name)));
  await Promise.all(early.map((id) => test.reached(id, "running")));
  const late = await Promise.all(["late-one", "late-two"].map((name) => test.create(name)));

  await sleep(500);
  proxy.cut();
  await sleep(away * 1000);
  const during = await Promise.all(early.map(test.operation));
  proxy.mend();
  release.resolve();
  const begin = performance.now();
  const ended = [];
  for (const id of [...early, ...late]) ended.push(await test.ended(id));

  expect(during.map(({ status }) => status)).toEqual(Array(4).fill("running"));
  // Neither worker took the other one for dead: both were away from the database for as long.
  expect(ended.map(({ status, attempt }) => [status, attempt])).toEqual(Array(6).fill(["succeeded", 1]));
  expect(performance.now() - begin).toBeLessThan(30_000);
  expect(hasFailed).toBe(false);
  for (const id of early) {
    const said = (await test.events(id)).filter(({ kind }) => kind === "message").map(({ text }) => text);
    expect(said).toEqual(Array.from({ length: 50 }, (_, index) => `line ${index + 1}`));
  }
});
