import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isDatabaseUnreachable } from "../../../automation-api/database/connection.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { startEmbeddedDatabase, stopEmbeddedDatabase } from "../../../toolchain/database/embedded.ts";
import type { ToolchainContext } from "../../../toolchain/lib/context.ts";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../../toolchain/lib/paths.ts";
import { daemonPid } from "../../../toolchain/lib/processes.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";
import { migrated } from "../../helpers/migrated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

const stores = 20;
const lines = 10;
const kills = 3;

let home: string;
let context: ToolchainContext;
let test: WorkerUnderTest;
let bea: Awaited<ReturnType<typeof someActor>>;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "storefleet-killed-"));
  const environment = readEnvironment({ ...process.env, STOREFLEET_HOME: home });
  const paths = resolvePaths(environment);
  const reporter = createSilentReporter(paths.logs);
  context = { environment, paths, reporter, signal: new AbortController().signal };
  const url = await startEmbeddedDatabase(context);
  test = await workerUnderTest(await migrated({ url, drop: () => stopEmbeddedDatabase(context.paths) }));
  bea = await someActor(test.database.connection, "bea");
});
afterAll(async () => {
  await test.reset();
  await test.drop();
  rmSync(home, { recursive: true, force: true });
});

/** As a machine does that loses its power: no goodbye to anybody, and what was not written down is gone. */
async function killDatabase(): Promise<void> {
  const pid = daemonPid(context.paths, "database");
  if (pid === undefined) throw new Error("The database does not run.");
  process.kill(pid, "SIGKILL");
  for (;;) {
    await sleep(300);
    // Its children take a moment to notice; until then it does not start.
    const address = await startEmbeddedDatabase(context).catch(() => undefined);
    if (address !== undefined) return;
  }
}

/** Asks for a store until it is answered, as a client with an Idempotency-Key does. */
async function create(name: string): Promise<string> {
  const { connection } = test.database;
  const idempotencyKey = randomUUID();
  for (;;) {
    try {
      const asker = { ...bea, idempotencyKey };
      const spec = parseSpec({ name, engine: "medusa", sampleData: false });
      return (await createStore({ connection, target: parseTarget({}) }, asker, spec)).operation.id;
    } catch (error) {
      if (!isDatabaseUnreachable(error)) throw error;
      await sleep(50);
    }
  }
}

it(`loses none of ${stores} creations while PostgreSQL is killed ${kills} times`, async () => {
  test.runner.onUp = async (_stack, { onEvent, lease }) => {
    for (let line = 1; line <= lines; line += 1) {
      onEvent?.({ kind: "message", severity: "warning", text: `line ${line}` });
      await sleep(100);
      await lease?.check();
    }
  };
  const worker = await test.start({ leaseSeconds: 20, poll: 200 });
  let hasFailed = false;
  void worker.failed.then(() => (hasFailed = true));
  const asking = Array.from({ length: stores }, async (_, index) => {
    await sleep(index * 150);
    return create(`kept-${index}`);
  });
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(500);
    await killDatabase();
  }
  const ids = await Promise.all(asking);
  const ended = [];
  for (const id of ids) ended.push(await test.ended(id));

  expect(ended.map(({ status, reason, attempt }) => [status, reason, attempt])).toEqual(
    Array(stores).fill(["succeeded", undefined, 1]),
  );
  expect(new Set(ids).size).toBe(stores);
  expect(hasFailed).toBe(false);
  for (const id of ids) {
    const said = (await test.events(id)).filter(({ kind }) => kind === "message").map(({ text }) => text);
    expect(said).toEqual(Array.from({ length: lines }, (_, index) => `line ${index + 1}`));
  }
}, 120_000);
