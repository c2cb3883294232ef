import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { ClusterUnreachable } from "../../../automation-api/cluster/api-server.ts";
import { insertCluster, noteAway, noteSeen } from "../../../automation-api/database/cluster-repository.ts";
import { openFindings } from "../../../automation-api/database/finding-repository.ts";
import type { World } from "../../../automation-api/domain/reconcile.ts";
import { StackError } from "../../../automation-api/stack-runner.ts";
import type { Elsewhere } from "../../../automation-api/worker/elsewhere.ts";
import { reconcile } from "../../../automation-api/worker/reconcile.ts";
import { parseTarget } from "../../../stores/target.ts";
import { FakeStackRunner, untilAborted } from "../fake-stack-runner.ts";
import { type WorkerUnderTest, workerUnderTest } from "./worker-under-test.ts";

let test: WorkerUnderTest;
let there: FakeStackRunner;
let isAway: boolean;
beforeAll(async () => {
  test = await workerUnderTest();
});
beforeEach(async () => {
  isAway = false;
  there = new FakeStackRunner();
  there.outputsOf = test.runner.outputsOf;
  await insertCluster(database(), {
    ...{ name: "eu", description: "", kubeconfig: "sealed", server: "https://eu", context: "eu", target: {} },
    createdBy: "ann",
  });
});
afterEach(async () => {
  await test.reset();
  await database().deleteFrom("clusters").execute();
});
afterAll(() => test.drop());

const database = () => test.database.connection.database;

/** A second cluster, in which another runner works. */
const elsewhere = (): Elsewhere => ({
  place: async () => ({
    tools: {
      runner: there,
      target: parseTarget({ baseDomain: "eu.example.com", ingressClass: "" }),
      request: () => Promise.reject(new Error("nothing should be asked")),
      readCredentials: async () => undefined,
      leftOf: async () => [],
    },
    watchPods: async (_store, _onNews, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  }),
  isAway: async (cluster) => {
    if (isAway) await noteAway(database(), cluster, "It does not answer.");
    else await noteSeen(database(), cluster, "v1.36.3");
    return isAway;
  },
});

const ended = (id: string) => test.ended(id);

it("works on a store in its own cluster, with its target, and not in the home cluster", async () => {
  await test.start({ elsewhere: elsewhere() });
  const [eu, home] = [await test.create("in-eu", {}, "eu"), await test.create("at-home")];

  expect(await ended(eu)).toMatchObject({ status: "succeeded" });
  expect(await ended(home)).toMatchObject({ status: "succeeded" });
  expect(there.calls).toEqual(["up in-eu"]);
  expect(test.runner.calls.filter((call) => call.startsWith("up"))).toEqual(["up at-home"]);
  expect(there.configs[0]).toMatchObject({ baseDomain: "eu.example.com", ingressClass: "" });
  expect(await ended(await test.remove("in-eu"))).toMatchObject({ status: "succeeded" });
  expect(there.stacks.size).toBe(0);
});

it("holds back what waits for a cluster that is away, says why, and goes on when it is back", async () => {
  isAway = true;
  await test.start({ elsewhere: elsewhere() });
  const eu = await test.create("in-eu", {}, "eu");
  const home = await test.create("at-home");

  expect(await ended(home)).toMatchObject({ status: "succeeded" });
  const waits = await vi.waitUntil(async () => {
    const found = await test.operation(eu);
    return found.reason?.includes('"eu" does not answer') ? found : undefined;
  });
  expect(waits).toMatchObject({ status: "queued", attempt: 0 });
  expect(there.calls).toEqual([]);
  isAway = false;
  // As if the pause were over.
  await test.database.connection.pool.query("update graphile_worker._private_jobs set run_at = now()");

  expect(await ended(eu)).toMatchObject({ status: "succeeded", attempt: 1 });
});

it("hands back what was under way when its cluster goes away, and does not count it as failed", async () => {
  await test.start({ elsewhere: elsewhere() });
  there.onUp = async () => {
    isAway = true;
    throw new StackError("failed", "dial tcp: connection refused");
  };
  const eu = await test.create("in-eu", {}, "eu");

  const waits = await test.reached(eu, "interrupted");
  expect(waits.reason).toContain('"eu" does not answer');
  expect(await ended(await test.create("at-home"))).toMatchObject({ status: "succeeded" });
  there.onUp = async () => {};
  isAway = false;
  await test.database.connection.pool.query("update graphile_worker._private_jobs set run_at = now()");

  expect(await ended(eu)).toMatchObject({ status: "succeeded", attempt: 2 });
});

it("stops what is under way when its cluster stays away, so that others get its slot", async () => {
  await test.start({ elsewhere: elsewhere(), concurrency: 1, second: 10 });
  there.onUp = (_stack, options) => {
    isAway = true;
    return untilAborted(options);
  };
  const eu = await test.create("in-eu", {}, "eu");

  expect(await test.reached(eu, "interrupted")).toMatchObject({
    reason: expect.stringContaining('"eu" does not answer'),
  });
  expect(await ended(await test.create("at-home"))).toMatchObject({ status: "succeeded" });
  there.onUp = async () => {};
  isAway = false;
  await test.database.connection.pool.query("update graphile_worker._private_jobs set run_at = now()");

  expect(await ended(eu)).toMatchObject({ status: "succeeded", attempt: 2 });
});

it("compares each store with its own cluster, and says nothing about those of a cluster that is away", async () => {
  const worker = await test.start({ elsewhere: elsewhere() });
  await ended(await test.create("in-eu", {}, "eu"));
  await ended(await test.create("at-home"));
  const worldOf = (...stores: string[]): Omit<World, "stacks"> => ({
    namespaces: stores.map((store) => ({ name: `store-${store}`, isTerminating: false })),
    objects: new Set(),
    releases: stores.map((store) => ({ namespace: `store-${store}`, status: "deployed" })),
    volumes: [],
  });
  const look = async (worlds: Record<string, Omit<World, "stacks">>) => {
    await reconcile({
      connection: test.database.connection,
      readWorld: async (cluster) => {
        const world = worlds[cluster];
        if (world === undefined) throw new ClusterUnreachable("It does not answer.");
        return world;
      },
      listStacks: async () => [...(await test.runner.list()), ...(await there.list())],
      runner: test.runner,
      elsewhere: elsewhere(),
      workerId: worker.id,
      leaseSeconds: 30,
      patience: 600,
      logger: pino({ level: "silent" }),
    });
    const found = await openFindings(database(), { limit: 100, after: undefined });
    return found.map(({ kind, subject }) => `${kind} ${subject}`).sort();
  };

  expect(await look({ home: worldOf("at-home"), eu: worldOf("in-eu") })).toEqual([]);
  // A namespace of the same name in the wrong cluster belongs to nobody there.
  expect(await look({ home: worldOf("at-home", "in-eu"), eu: worldOf() })).toEqual([
    "missing-namespace in-eu",
    "orphan-namespace store-in-eu",
  ]);
  expect(await look({ home: worldOf("at-home") })).toEqual(["cluster-away eu", "missing-namespace in-eu"]);
  expect(await look({ eu: worldOf("in-eu") })).toEqual([]);
  expect(await look({ home: worldOf("at-home"), eu: worldOf("in-eu", "other") })).toEqual([
    "orphan-namespace eu: store-other",
  ]);
});
