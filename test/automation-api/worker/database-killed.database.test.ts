import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmbeddedDatabase, stopEmbeddedDatabase } from "../../../toolchain/database/embedded.ts";
import type { ToolchainContext } from "../../../toolchain/lib/context.ts";
import { readEnvironment } from "../../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../../toolchain/lib/paths.ts";
import { daemonPid } from "../../../toolchain/lib/processes.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";
import { migrated } from "../../helpers/migrated-database.ts";
import { someActor } from "../../helpers/some-actor.ts";
import { createPatiently, linesOf, linesUpTo, tellLines } from "./patient-client.ts";
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

it(`loses none of ${stores} creations while PostgreSQL is killed ${kills} times`, async () => {
  tellLines(test.runner, lines, 100);
  const worker = await test.start({ leaseSeconds: 20, poll: 200 });
  let hasFailed = false;
  void worker.failed.then(() => (hasFailed = true));
  const asking = Array.from({ length: stores }, async (_, index) => {
    await sleep(index * 150);
    return createPatiently(test, bea, `kept-${index}`);
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
    expect(await linesOf(test, id)).toEqual(linesUpTo(lines));
  }
}, 120_000);
