import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { StackError } from "../../../automation-api/stack-runner.ts";
import { untilAborted } from "../fake-stack-runner.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
beforeAll(async () => {
  test = await workerUnderTest();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

describe("deleting a store", () => {
  it("ends when its namespace is gone", async () => {
    await test.start();
    await test.ended(await test.create("one"));
    test.namespaces.add("one");
    const id = await test.remove("one");
    await test.reached(id, "running");
    await sleep(200);
    const before = await test.operation(id);
    test.namespaces.delete("one");

    const operation = await test.ended(id);

    expect(before.progress.steps.at(-1)).toMatchObject({ key: "verify", status: "running" });
    expect(operation.status).toBe("succeeded");
    expect(await test.store(id)).toMatchObject({ status: "deleted", deletedAt: expect.any(Date) });
  });

  it("looks at what is there when the first try fails, and tries once more", async () => {
    await test.start();
    await test.ended(await test.create("one"));
    let tries = 0;
    test.runner.onDestroy = async () => {
      tries += 1;
      if (tries === 1) throw new StackError("failed", "release: not found");
    };

    const operation = await test.ended(await test.remove("one"));

    expect(operation.status).toBe("succeeded");
    expect(test.runner.calls.slice(1)).toEqual(["destroy one", "refresh one", "destroy one"]);
  });

  it("fails with a store that can be deleted again", async () => {
    await test.start();
    await test.ended(await test.create("one"));
    test.runner.onDestroy = async () => {
      throw new StackError("failed", "the cluster said no");
    };
    const failed = await test.ended(await test.remove("one"));
    const store = await test.store(failed.id);
    test.runner.onDestroy = async () => {};

    const again = await test.ended(await test.remove("one"));

    expect(store).toMatchObject({ status: "failed", reason: "The cluster said no." });
    expect(again.status).toBe("succeeded");
  });
});

describe("several operations", () => {
  it("works on one of a store at a time, in the order of the requests", async () => {
    const ids = [await test.create("one"), await test.remove("one")];

    await test.start();

    // Deleting cancels what waits: only the deletion is carried out.
    const statuses = await Promise.all(ids.map(async (id) => (await test.ended(id)).status));
    expect(statuses).toEqual(["cancelled", "succeeded"]);
    expect(test.runner.calls).toEqual(["destroy one"]);
  });

  it("cancels a creation under way and deletes the store after it", async () => {
    test.runner.onUp = (_stack, options) => untilAborted(options);
    await test.start();
    const creation = await test.create("one");
    await test.reached(creation, "running");

    const deletion = await test.ended(await test.remove("one"));

    expect(await test.operation(creation)).toMatchObject({ status: "cancelled" });
    expect(deletion).toMatchObject({ status: "succeeded" });
    expect(test.runner.calls).toEqual(["up one", "destroy one"]);
    expect(Date.parse(deletion.startedAt ?? "")).toBeGreaterThanOrEqual(
      Date.parse((await test.operation(creation)).finishedAt ?? ""),
    );
  });

  it("begins the next one of a store as soon as the one before it is over", async () => {
    const finish = Promise.withResolvers<void>();
    test.runner.onUp = () => finish.promise;
    // Nobody looks by the clock in time: the deletion is found because it is announced.
    await test.start({ concurrency: 1, poll: 600_000 });
    const creation = await test.create("one");
    await test.reached(creation, "running");
    const deletion = await test.remove("one");

    finish.resolve();

    expect((await test.ended(deletion)).status).toBe("succeeded");
    expect((await test.operation(creation)).status).toBe("succeeded");
  });

  it("works on two stores at once", async () => {
    const both = Promise.withResolvers<void>();
    test.runner.onUp = async () => {
      if (test.runner.running.size === 2) both.resolve();
      await both.promise;
    };
    await test.start();

    const ids = await Promise.all([test.create("one"), test.create("two")]);

    const ended = await Promise.all(ids.map(test.ended));
    expect(ended.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  });

  it("never works on more of them than it has slots", async () => {
    test.runner.onUp = async () => {
      while (test.runner.mostRunning < 2) await sleep(5);
      await sleep(30);
    };
    await test.start({ concurrency: 2 });

    const ids = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => test.create(name)));
    await Promise.all(ids.map(test.ended));

    expect(test.runner.mostRunning).toBe(2);
  });
});

describe("cancelling", () => {
  it("ends a run and leaves a failed store that says what can be done", async () => {
    test.runner.onUp = (_stack, options) => untilAborted(options);
    await test.start();
    const id = await test.create("one");
    await test.reached(id, "running");

    await test.cancel(id);

    const operation = await test.ended(id);
    expect(operation).toMatchObject({ status: "cancelled", cancelRequested: true });
    expect(operation.progress.steps.some(({ status }) => status === "failed")).toBe(true);
    expect(await test.store(id)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("Creation was cancelled."),
    });
  });

  it("never begins what was cancelled while it waited", async () => {
    const id = await test.create("one");
    await test.cancel(id);
    await test.start();

    const other = await test.ended(await test.create("two"));

    expect(other.status).toBe("succeeded");
    expect(await test.operation(id)).toMatchObject({ status: "cancelled", attempt: 0 });
    expect(test.runner.calls).toEqual(["up two"]);
  });

  it("is noticed although its announcement was missed", async () => {
    test.runner.onUp = (_stack, options) => untilAborted(options);
    await test.start();
    const id = await test.create("one");
    await test.reached(id, "running");

    await sql`update operations set cancel_requested_at = now() where id = ${id}`.execute(
      test.database.connection.database,
    );

    expect((await test.ended(id)).status).toBe("cancelled");
  });

  it("does not take back what was finished in the meantime", async () => {
    test.runner.onUp = async (_stack, options) => {
      await untilAborted(options).catch(() => {});
    };
    await test.start();
    const id = await test.create("one");
    await test.reached(id, "running");

    await test.cancel(id);

    expect((await test.ended(id)).status).toBe("succeeded");
    expect((await test.store(id)).status).toBe("ready");
  });
});
