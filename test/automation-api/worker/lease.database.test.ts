import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Lease,
  releaseLease,
  renewLease,
  revokeLeases,
  takeLease,
} from "../../../automation-api/database/lease-repository.ts";
import { transitionsOf } from "../../../automation-api/database/transition-repository.ts";
import { processesOf } from "../../../automation-api/worker/left-processes.ts";
import { untilAborted } from "../fake-stack-runner.ts";
import { insertDeadWorker, type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  test = await workerUnderTest();
  folder = mkdtempSync(join(tmpdir(), "storefleet-lease-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await test.reset();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await test.drop();
});

const database = () => test.database.connection.database;

/** A worker in a process of its own, and what its commands wrote. */
async function startElsewhere(): Promise<{ child: ChildProcess; commands(): string[] }> {
  const journal = join(folder, `${children.length}-${Date.now()}`);
  const script = join(import.meta.dirname, "scripted-worker.ts");
  const child = spawn(process.execPath, [script, test.database.url, journal], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  const commands = () => {
    try {
      return readFileSync(journal, "utf8").trim().split("\n");
    } catch {
      return [];
    }
  };
  return { child, commands };
}

describe("the lease of a store", () => {
  async function twoWorkers(): Promise<{ storeId: string; one: string; other: string }> {
    const store = await test.store(await test.create("one"));
    const [one, other] = [await insertDeadWorker(test), await insertDeadWorker(test)];
    return { storeId: store.id, one: one.id, other: other.id };
  }
  const numberOf = (lease: Lease | undefined) => Number(lease?.fencing);

  it("is one worker's at a time, and every taking has a larger number", async () => {
    const { storeId, one, other } = await twoWorkers();

    const first = await takeLease(database(), storeId, one, 30);
    const refused = await takeLease(database(), storeId, other, 30);
    const again = await takeLease(database(), storeId, one, 30);
    if (again !== undefined) await releaseLease(database(), again);
    const next = await takeLease(database(), storeId, other, 30);

    expect(refused).toBeUndefined();
    expect(numberOf(again)).toBeGreaterThan(numberOf(first));
    expect(numberOf(next)).toBeGreaterThan(numberOf(again));
  });

  it("can be taken by another one when it has expired, and then be prolonged by the first one no more", async () => {
    const { storeId, one, other } = await twoWorkers();
    const first = (await takeLease(database(), storeId, one, 0.05)) as Lease;
    await sleep(100);
    // Nobody has come: it is as good as before.
    expect(await renewLease(database(), first, 0.05)).toBe(true);
    await sleep(100);

    const second = await takeLease(database(), storeId, other, 30);

    expect(numberOf(second)).toBeGreaterThan(numberOf(first));
    expect(await renewLease(database(), first, 30)).toBe(false);
    await releaseLease(database(), first);
    expect(await renewLease(database(), second as Lease, 30)).toBe(true);
  });

  it("is over for a worker from whom it was taken, although nobody else has it", async () => {
    const { storeId, one } = await twoWorkers();
    const lease = (await takeLease(database(), storeId, one, 30)) as Lease;

    await revokeLeases(database(), one);

    expect(await renewLease(database(), lease, 30)).toBe(false);
  });

  it("starts no command for a run that has lost it, and writes nothing more", async () => {
    let checked: unknown;
    test.runner.onUp = async (_stack, options) => {
      await sql`update store_leases set fencing = fencing + 1`.execute(database());
      await sql`update operations set fencing = fencing + 1`.execute(database());
      checked = await options.lease?.check().catch((error: unknown) => error);
      await untilAborted(options);
    };
    await test.start();
    const id = await test.create("one");
    await expect.poll(() => checked, { timeout: 5000 }).toMatchObject({ name: "OperationLost" });
    await sleep(300);

    expect(await test.operation(id)).toMatchObject({ status: "running", attempt: 1 });
    expect((await test.events(id)).at(-1)).toMatchObject({ status: "running" });
  });
});

describe("a worker that was paused for longer than its lease", () => {
  it("is followed by another one, and changes nothing when it wakes up", async () => {
    const { child, commands } = await startElsewhere();
    const id = await test.create("one");
    await expect.poll(() => commands().length, { timeout: 10_000 }).toBeGreaterThan(2);

    child.kill("SIGSTOP");
    await test.start({ leaseSeconds: 2 });
    const operation = await test.ended(id);
    const store = await test.store(id);
    const [events, moves] = [await test.events(id), await transitionsOf(database(), store.id)];
    const before = commands();
    const gone = once(child, "exit");
    child.kill("SIGCONT");
    await gone;

    expect(operation).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(store.status).toBe("ready");
    expect(await test.events(id)).toEqual(events);
    expect(await transitionsOf(database(), store.id)).toEqual(moves);
    expect(await test.store(id)).toEqual(store);
    expect(commands()).toEqual(before);
    expect(processesOf({ operation: id })).toEqual([]);
    expect(moves.filter(({ operationId }) => operationId === id).map(({ to }) => to)).toEqual([
      "queued",
      "running",
      "interrupted",
      "running",
      "succeeded",
    ]);
  });

  it("keeps its work when nobody has followed it", async () => {
    const { child, commands } = await startElsewhere();
    const id = await test.create("one");
    await expect.poll(() => commands().length, { timeout: 10_000 }).toBeGreaterThan(2);
    child.kill("SIGSTOP");
    await sleep(3000);
    const before = commands().length;

    child.kill("SIGCONT");

    await expect.poll(() => commands().length, { timeout: 10_000 }).toBeGreaterThan(before + 2);
    expect(await test.operation(id)).toMatchObject({ status: "running", attempt: 1 });
  });
});

describe("processes without a worker", () => {
  it("are ended when somebody else works on their operation by now, or it is over", async () => {
    await test.start();
    const id = await test.create("one");
    await test.ended(id);
    const unknown = "11111111-2222-4333-8444-555555555555";
    const sleeping = (operation: string, fencing: string) => {
      const env = { ...process.env, STOREFLEET_OPERATION: operation, STOREFLEET_FENCING: fencing };
      const child = spawn("sleep", ["600"], { env, stdio: "ignore" });
      children.push(child);
      return child;
    };
    const [stray, foreign] = [sleeping(id, "1"), sleeping(unknown, "1")];
    const gone = once(stray, "exit");

    await test.start({ leaseSeconds: 1 });

    expect((await gone)[1]).toBe("SIGKILL");
    expect(foreign.exitCode ?? foreign.signalCode).toBeNull();
  });
});
