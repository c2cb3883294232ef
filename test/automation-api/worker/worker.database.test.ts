import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PodNews } from "../../../automation-api/cluster/pod-news.ts";
import { StackError } from "../../../automation-api/stack-runner.ts";
import { untilAborted } from "../fake-stack-runner.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
beforeAll(async () => {
  test = await workerUnderTest();
});
afterEach(() => test.reset());
afterAll(() => test.drop());

describe("making new secrets of a store", () => {
  const wishes = () => test.runner.configs.map(({ rotation, formerLogin }) => `${rotation} ${formerLogin}`);

  it("first has both logins taken, then only the new one, and counts when all is done", async () => {
    await test.start();
    await test.ended(await test.create("one"));
    test.runner.configs.length = 0;

    const first = await test.ended(await test.rotate("one"));
    const second = await test.ended(await test.rotate("one"));

    expect(first).toMatchObject({ kind: "rotate", status: "succeeded", progress: { fraction: 1 } });
    expect(wishes()).toEqual(["1 open", "1 closed", "2 open", "2 closed"]);
    expect(await test.store(second.id)).toMatchObject({ status: "ready", rotation: 2 });
  });

  it("goes on with the same ones after it failed or was cancelled", async () => {
    let isBroken = false;
    test.runner.onUp = async () => {
      if (isBroken) throw new StackError("failed", "the pod medusa-1 does not become ready (OOMKilled)");
    };
    await test.start();
    await test.ended(await test.create("one"));
    test.runner.configs.length = 0;
    isBroken = true;

    const failed = await test.ended(await test.rotate("one"));
    const afterwards = await test.store(failed.id);
    isBroken = false;
    const second = await test.ended(await test.retry("one"));

    expect(afterwards).toMatchObject({ status: "failed", rotation: 0 });
    expect(new Set(wishes())).toEqual(new Set(["1 open", "1 closed"]));
    expect(second).toMatchObject({ kind: "rotate", status: "succeeded" });
    expect(await test.store(second.id)).toMatchObject({ status: "ready", rotation: 1 });
  });
});

describe("creating a store", () => {
  it("ends with a store that is ready, its outputs and its resources", async () => {
    await test.start();

    const operation = await test.ended(await test.create("one"));

    const store = await test.store(operation.id);
    expect(operation).toMatchObject({ status: "succeeded", attempt: 1, progress: { fraction: 1 } });
    expect(operation.progress.steps.map(({ status }) => status)).toEqual(Array(8).fill("done"));
    expect(operation.progress.etaSeconds).toBeUndefined();
    expect(store).toMatchObject({ status: "ready", reason: null, deletedAt: null });
    expect(store.outputs).toMatchObject({ url: "http://one.localhost:8080", namespace: "store-one" });
    expect(store.resources).toHaveLength(1);
  });

  it("saves every event in order, numbered without gaps, the last with the final status", async () => {
    test.runner.onUp = async (_stack, { onEvent }) => {
      for (let number = 1; number <= 200; number += 1) {
        onEvent?.({ kind: "message", severity: "warning", text: `warning ${number}` });
        if (number % 50 === 0) await sleep(5);
      }
    };
    await test.start();

    const { id } = await test.ended(await test.create("one"));

    const events = await test.events(id);
    const said = events.filter(({ kind }) => kind === "message").map(({ text }) => text);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(said).toEqual(Array.from({ length: 200 }, (_, index) => `warning ${index + 1}`));
    expect(events.at(-1)).toMatchObject({ kind: "status", status: "succeeded", text: "The store is ready." });
    const fractions = events.map(({ progress }) => progress.fraction);
    expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
  });

  it("follows the pods while it works and stops when it is over", async () => {
    const watched: string[] = [];
    const watchPods = async (store: string, onNews: (news: PodNews) => void, signal: AbortSignal) => {
      watched.push(`begin ${store}`);
      onNews({ component: "postgres", severity: "info", text: "postgres: ready", reached: "ready" });
      await sleep(2 ** 30, undefined, { signal }).catch(() => {});
      watched.push(`end ${store}`);
    };
    await test.start({ watchPods });

    const { id } = await test.ended(await test.create("one"));

    expect(watched).toEqual(["begin one", "end one"]);
    expect((await test.events(id)).find(({ kind }) => kind === "pod")?.text).toBe("postgres: ready");
  });

  it("fails with a sentence, and the same again goes on from there", async () => {
    let isBroken = true;
    test.runner.onUp = async () => {
      if (isBroken) throw new StackError("failed", "the pod medusa-1 does not become ready (OOMKilled)");
    };
    await test.start();
    const first = await test.ended(await test.create("one"));
    const failed = await test.store(first.id);
    isBroken = false;

    const second = await test.ended(await test.retry("one"));

    const reason = "The pod medusa-1 does not become ready (OOMKilled)";
    expect(first).toMatchObject({ status: "failed", reason });
    expect(failed).toMatchObject({ status: "failed", reason });
    expect(second).toMatchObject({ kind: "create", status: "succeeded" });
    expect(await test.store(second.id)).toMatchObject({ status: "ready", reason: null });
  });

  it("fails when nothing is heard of it for too long, and what it had started is ended", async () => {
    test.runner.onUp = (_stack, options) => untilAborted(options);
    await test.start({ silence: { create: 100, rotate: 100, delete: 100 } });

    const operation = await test.ended(await test.create("one"));

    expect(operation).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("Nothing was heard of the work for too long"),
    });
    expect(await test.store(operation.id)).toMatchObject({ status: "failed", reason: operation.reason });
  });

  it("fails when it takes too long in all, whatever is heard of it", async () => {
    test.runner.onUp = async (_stack, { onEvent, signal }) => {
      for (;;) {
        onEvent?.({ kind: "message", severity: "info", text: "still here" });
        await sleep(50, undefined, signal && { signal });
      }
    };
    await test.start({ deadlines: { create: 500, rotate: 500, delete: 500 } });

    const operation = await test.ended(await test.create("one"));

    expect(operation).toMatchObject({ status: "failed", reason: expect.stringContaining("It took longer than") });
  });

  it("tries again by itself what can pass, and says so", async () => {
    let tries = 0;
    test.runner.onUp = async () => {
      tries += 1;
      if (tries < 3) throw new StackError("killed", "Pulumi was killed.");
    };
    await test.start({ second: 5 });

    const operation = await test.ended(await test.create("one"));

    expect(operation).toMatchObject({ status: "succeeded", attempt: 1 });
    expect((await test.events(operation.id)).filter(({ severity }) => severity === "warning")).toMatchObject([
      { text: expect.stringMatching(/^Pulumi was killed\. .* Trying again in 1 s \(1 of \d\)\.$/) },
      { text: expect.stringMatching(/Trying again in 2 s \(2 of \d\)\.$/) },
    ]);
  });

  it("gives up what does not pass after some tries, and never tries again what cannot", async () => {
    test.runner.onUp = async (stack) => {
      throw new StackError("failed", stack === "one" ? "dial tcp: connection refused" : "pods: exceeded quota: quota");
    };
    await test.start({ second: 1 });

    const [passing, lasting] = await Promise.all([
      test.ended(await test.create("one")),
      test.ended(await test.create("two")),
    ]);

    const tries = (stack: string) => test.runner.calls.filter((call) => call === `up ${stack}`).length;
    expect([passing.status, lasting.status]).toEqual(["failed", "failed"]);
    expect(tries("one")).toBe(6);
    expect(tries("two")).toBe(1);
    expect(lasting.reason).toContain("choose a larger plan");
  });

  it("goes on for as long as something is heard of it", async () => {
    test.runner.onUp = async (_stack, { onEvent, signal }) => {
      for (let number = 0; number < 60; number += 1) {
        onEvent?.({ kind: "message", severity: "info", text: `still here ${number}` });
        await sleep(50, undefined, signal && { signal });
      }
    };
    await test.start({ silence: { create: 1500, rotate: 1500, delete: 1500 } });

    expect((await test.ended(await test.create("one"))).status).toBe("succeeded");
  });

  it("says nothing of its own errors but where to look, and logs them", async () => {
    test.runner.onUp = async () => {
      throw new TypeError("undefined is not a function");
    };
    await test.start();

    const operation = await test.ended(await test.create("one"));

    expect(operation.reason).toBe("Something went wrong in the service itself. Try again; its log says more.");
    expect(test.log.join()).toContain("undefined is not a function");
  });

  it("leaves no secret in any row", async () => {
    const canary = "CANARY-password";
    test.runner.readSecretOutput = async () => ({ adminUser: "a@example.com", adminPassword: canary, keys: {} });
    await test.start({
      tools: {
        runner: test.runner,
        target: (await import("../../../stores/target.ts")).parseTarget({}),
        // The store answers nothing useful, so that the proof fails with the credentials in its hands.
        request: async () => ({ status: 500, text: async () => "" }),
        readCredentials: async () => ({ adminUser: "a@example.com", adminPassword: canary, keys: { key: canary } }),
        leftOf: async () => [],
      },
    });
    const id = await test.create("one", { sampleData: true });
    await test.reached(id, "running");
    await sleep(300);
    await test.cancel(id);
    await test.ended(id);

    const { rows } = await sql<{ all: string }>`select (
      (select json_agg(stores) from stores)::text || (select json_agg(operations) from operations)::text ||
      (select json_agg(progress_events) from progress_events)::text ||
      (select json_agg(jobs) from graphile_worker._private_jobs jobs)::text) as all`.execute(
      test.database.connection.database,
    );
    expect(JSON.stringify(rows)).not.toContain(canary);
    expect(test.log.join()).not.toContain(canary);
    delete (test.runner as { readSecretOutput?: unknown }).readSecretOutput;
  });
});
