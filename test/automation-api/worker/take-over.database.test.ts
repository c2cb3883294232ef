import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { marksOf, type RunLease } from "../../../automation-api/stack-runner.ts";
import type { RunningWorker } from "../../../automation-api/worker/run-worker.ts";
import { untilAborted } from "../fake-stack-runner.ts";
import { insertDeadWorker, type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
beforeAll(async () => {
  test = await workerUnderTest();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

const database = () => test.database.connection.database;

/** The rows that a worker leaves which is killed while it works on an operation. */
async function leaveRunning(id: string): Promise<void> {
  const dead = await insertDeadWorker(test);
  await sql`update operations set status = 'running', attempt = 1, worker_id = ${dead.id}, started_at = now(), fencing = 7
    where id = ${id}`.execute(database());
  await sql`insert into store_leases (store_id, fencing, worker_id, expires_at)
    select store_id, 7, ${dead.id}, now() + interval '30 seconds' from operations where id = ${id}`.execute(database());
  await leaveLocked(id, dead.lockedAs);
}

async function leaveLocked(id: string, lockedAs: string): Promise<void> {
  await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = ${lockedAs}, attempts = 1
    where key = ${id}`.execute(database());
  await sql`update graphile_worker._private_job_queues set locked_at = now(), locked_by = ${lockedAs}
    where id = (select job_queue_id from graphile_worker._private_jobs where key = ${id})`.execute(database());
}

/** A process like those that Pulumi starts: it carries the operation. */
async function leaveProcess(operation: string, lease?: RunLease): Promise<ChildProcess> {
  const env = { ...process.env, ...marksOf({ operation, ...(lease && { lease }) }) };
  const child = spawn("sleep", ["600"], { env, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return child;
}

/** A worker whose first run goes on until it is stopped, and an operation that it is in the midst of. */
async function startedWorker(): Promise<{ worker: RunningWorker; creation: string }> {
  let isFirst = true;
  test.runner.onUp = async (_stack, options) => {
    if (!isFirst) return;
    isFirst = false;
    await untilAborted(options);
  };
  const worker = await test.start();
  const creation = await test.create("one");
  // An operation is running a moment before its run is: stopped in between, it would leave that to the next worker.
  await vi.waitUntil(() => test.runner.calls.includes("up one"), { timeout: 20_000 });
  return { worker, creation };
}

describe("a worker that was killed", () => {
  it("is followed for what it began in the moment in which it was given up", async () => {
    const id = await test.create("one");
    await leaveRunning(id);
    await sql`update workers set stopped_at = now()`.execute(database());

    await test.start();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 2 });
  });

  it("is followed by another one, which ends what it left running and goes on", async () => {
    const id = await test.create("one");
    await leaveRunning(id);
    const child = await leaveProcess(id);
    const gone = once(child, "exit");
    let leftWhenBegun: boolean | undefined;
    test.runner.onUp = async () => {
      leftWhenBegun = child.exitCode === null && child.signalCode === null;
    };

    await test.start();

    const operation = await test.ended(id);
    expect(operation).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(leftWhenBegun).toBe(false);
    expect((await gone)[1]).toBe("SIGKILL");
    expect((await test.events(id)).map(({ status, text }) => [status, text]).slice(1, 3)).toEqual([
      ["interrupted", "The process that worked on this stopped; another one goes on with it."],
      ["running", "Going on after an interruption, attempt 2."],
    ]);
  });

  it("does not keep what it had taken but not begun", async () => {
    const id = await test.create("one");
    const { lockedAs } = await insertDeadWorker(test);
    await leaveLocked(id, lockedAs);

    await test.start();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
  });

  it("begins nothing more when it was only thought to be dead", async () => {
    // It does not notice by itself: its next sign of life is far away.
    const first = await test.start({ interval: 600_000 });
    await sql`update workers set stopped_at = now() where id = ${first.id}`.execute(database());

    const id = await test.create("one");
    await first.failed;
    await first.stop();
    expect(await test.operation(id)).toMatchObject({ status: "queued", attempt: 0 });
    await test.start();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
  });

  it("does not make its operation wait the longer the more workers were killed", async () => {
    const id = await test.create("one");
    await leaveRunning(id);
    // As after nine kills; an error that somebody meets then would cost two hours.
    await sql`update graphile_worker._private_jobs set attempts = 9`.execute(database());
    let attempts: unknown;
    test.runner.onUp = async () => {
      attempts = (await sql<{ attempts: number }>`select attempts from graphile_worker.jobs`.execute(database())).rows;
    };

    await test.start();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(attempts).toEqual([{ attempts: 1 }]);
  });

  it("leaves no operation waiting for hours that the queue would try again so late", async () => {
    const id = await test.create("one");
    await sql`update graphile_worker._private_jobs set attempts = 9, run_at = now() + interval '2 hours'`.execute(
      database(),
    );

    await test.start();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
  });

  it("keeps the order of what waits behind its operation", async () => {
    const creation = await test.create("one");
    await leaveRunning(creation);
    const deletion = await test.remove("one");

    await test.start();

    // Deleting has asked for the creation to be cancelled; whoever takes it over does that first.
    expect(await test.ended(deletion)).toMatchObject({ status: "succeeded" });
    expect(await test.operation(creation)).toMatchObject({ status: "cancelled", attempt: 2 });
    expect(test.runner.calls).toEqual(["destroy one"]);
  });

  it("is followed by exactly one of several", async () => {
    const ids = await Promise.all(["a", "b", "c"].map((name) => test.create(name)));
    for (const id of ids) await leaveRunning(id);

    await Promise.all([test.start(), test.start(), test.start()]);

    const ended = await Promise.all(ids.map(test.ended));
    expect(ended.map(({ status, attempt }) => [status, attempt])).toEqual(Array(3).fill(["succeeded", 2]));
    expect(test.runner.calls.toSorted()).toEqual(["up a", "up b", "up c"]);
  });
});

describe("a worker that lives", () => {
  it("is left alone by others", async () => {
    const finish = Promise.withResolvers<void>();
    test.runner.onUp = () => finish.promise;
    await test.start();
    const id = await test.create("one");
    await test.reached(id, "running");

    await test.start();
    await sleep(300);
    finish.resolve();

    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 1 });
  });

  it("writes nothing more when others have given it up, and says that it cannot go on", async () => {
    const { worker: first, creation: id } = await startedWorker();
    // Silent for too long, as after a pause of the whole machine; a process with the same number lives.
    await sql`update workers set heartbeat_at = now() - interval '1 hour', hostname = 'elsewhere'
      where id = ${first.id}`.execute(database());
    await sql`update workers set stopped_at = now() where id = ${first.id}`.execute(database());
    await sql`update operations set worker_id = null, status = 'interrupted' where id = ${id}`.execute(database());

    const cause = await first.failed;
    await sleep(200);

    expect(cause).toBeInstanceOf(Error);
    expect(await test.operation(id)).toMatchObject({ status: "interrupted", attempt: 1 });
    expect((await test.events(id)).filter(({ status }) => status !== "queued" && status !== "running")).toEqual([]);
  });
});

describe("a worker that is stopped", () => {
  it("hands over what it works on, and the next one goes on without waiting for the lease to end", async () => {
    const { worker, creation: id } = await startedWorker();

    await worker.stop();

    const handedOver = await test.operation(id);
    expect(handedOver).toMatchObject({ status: "interrupted", attempt: 1 });
    expect(handedOver.progress.etaSeconds).toBeUndefined();
    expect(handedOver.progress.steps.some(({ status }) => status === "running")).toBe(false);
    await test.start({ leaseSeconds: 3600 });
    expect(await test.ended(id)).toMatchObject({ status: "succeeded", attempt: 2 });
  });

  it("keeps the order of what waits", async () => {
    const { worker, creation } = await startedWorker();
    await worker.stop();
    const deletion = await test.remove("one");

    await test.start();

    expect(await test.ended(deletion)).toMatchObject({ status: "succeeded" });
    expect(await test.operation(creation)).toMatchObject({ status: "cancelled" });
    expect(test.runner.calls).toEqual(["up one", "destroy one"]);
  });

  it("ends a run by force that does not stop by itself", async () => {
    const child: { process?: ChildProcess } = {};
    test.runner.onUp = async (_stack, { operation, lease }) => {
      child.process ??= await leaveProcess(operation ?? "", lease);
      await once(child.process, "exit");
      throw new Error("the process has ended");
    };
    const worker = await test.start({ grace: { cancel: 100, shutdown: 100, silence: 100, deadline: 100, away: 100 } });
    const id = await test.create("one");
    await test.reached(id, "running");
    await expect.poll(() => child.process).toBeDefined();

    await test.cancel(id);

    expect(await test.ended(id)).toMatchObject({ status: "cancelled" });
    expect(child.process?.signalCode).toBe("SIGKILL");
    await worker.stop();
  });
});
