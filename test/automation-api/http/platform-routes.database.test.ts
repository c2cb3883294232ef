import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measuresSchema } from "../../../automation-api/contract/measures.ts";
import { overviewSchema, platformSchema } from "../../../automation-api/contract/platform.ts";
import { finish, writeEvent } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

describe("GET /api/v1/platform", () => {
  it("says what is in use, and what engines and plans come to", async () => {
    const platform = platformSchema.parse((await api.signedIn("/api/v1/platform")).json);

    expect(platform).toMatchObject({
      pulumi: { version: "3.270.0", backend: "file:///somewhere/state" },
      cluster: { reachable: true, version: "v1.36.3" },
      concurrency: 4,
      addressTemplate: "http://{name}.localhost:8080",
    });
    const basic = platform.engines[0]?.plans.find(({ plan }) => plan === "basic");
    expect(basic).toEqual({
      plan: "basic",
      cpu: { request: 75, limit: 6500 },
      memory: { request: 432, limit: 1088 },
      storage: 2,
      pods: 4,
      notes: [],
    });
  });

  it("answers when the cluster does not", async () => {
    api.fakes.inspectCluster = async () => ({ reachable: false });

    const { status, json } = await api.signedIn("/api/v1/platform");

    expect([status, json.cluster.reachable]).toEqual([200, false]);
  });
});

describe("GET /api/v1/overview", () => {
  it("counts, and tells how operations went", async () => {
    await api.database.connection.pool.query("update stores set deleted_at = now(), status = 'deleted'");
    const { connection } = api.database;
    const waiting = await givenStore(api);
    const working = await givenStore(api);
    const done = await givenStore(api);
    await writeEvent(connection, working.operation, "Working");
    await finish(connection, done.operation, "succeeded", { status: "ready" });

    const overview = overviewSchema.parse((await api.signedIn("/api/v1/overview")).json);

    expect(overview.stores).toEqual({ provisioning: 2, ready: 1 });
    expect([overview.queued, overview.running]).toEqual([1, 1]);
    expect(overview.recent.map(({ store }) => store)).toEqual([done.name, working.name, waiting.name]);
    expect(overview.finished).toMatchObject([{ store: done.name, kind: "create", engine: "medusa", plan: "basic" }]);
    expect(overview.finished[0]?.seconds).toBeGreaterThanOrEqual(0);
  });
});

describe("GET /api/v1/platform/measures", () => {
  const read = async (query = "") =>
    measuresSchema.parse((await api.signedIn(`/api/v1/platform/measures${query}`)).json);

  it("has a point for each part of the span, the last one for now", async () => {
    for (const [span, count] of [
      ["hour", 60],
      ["day", 48],
      ["week", 56],
      ["month", 60],
    ] as const) {
      const { points, step } = await read(`?span=${span}`);
      const begins = points.map(({ from }) => Date.parse(from) / 1000);

      expect(begins).toHaveLength(count);
      expect(begins.slice(1).every((begin, index) => begin - (begins[index] ?? 0) === step)).toBe(true);
      const sinceLast = Date.now() / 1000 - (begins.at(-1) ?? 0);
      expect(sinceLast).toBeGreaterThanOrEqual(-1);
      expect(sinceLast).toBeLessThan(step + 1);
    }
    expect((await api.signedIn("/api/v1/platform/measures?span=year")).status).toBe(400);
  });

  it("tells how operations ended, and how long they took, in the hour in which they did", async () => {
    const before = (await read()).points;
    const { operation } = await givenStore(api);
    const failed = await givenStore(api);
    const { pool } = api.database.connection;
    for (const [id, status, seconds] of [
      [operation, "succeeded", 20],
      [failed.operation, "failed", 40],
    ] as const) {
      await pool.query("update operations set status = 'running' where id = $1", [id]);
      await pool.query(
        `update operations set status = $2, queued_at = now() - interval '5 hours', started_at = now() - interval '4 hours',
         finished_at = now() - interval '4 hours' + $3 * interval '1 second' where id = $1`,
        [id, status, seconds],
      );
    }

    const { points } = await read();
    const ended = points.filter((_, index) => index < 44).filter(({ duration }) => duration !== undefined);

    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ operations: { succeeded: 1, failed: 1, cancelled: 0 }, duration: { median: 30 } });
    expect(ended[0]?.duration?.slowest).toBeCloseTo(39);
    // For an hour both had waited.
    const waited = points.filter(({ queue }, index) => queue.length === (before[index]?.queue.length ?? 0) + 2);
    expect(waited).toHaveLength(2);
    expect(Math.max(...waited.map(({ queue }) => queue.oldest))).toBeGreaterThan(1700);
  });

  it("goes back from the stores of today to those of then", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });
    const { pool } = api.database.connection;
    await pool.query("delete from transitions where operation_id is null");
    const of = "(select id from stores where name = $1)";
    await pool.query(
      `insert into transitions (store_id, from_status, to_status, at) values
       (${of}, null, 'provisioning', now() - interval '50 minutes'), (${of}, 'provisioning', 'ready', now() - interval '20 minutes')`,
      [name],
    );

    const { points } = await read("?span=hour");
    const [begin, between, now] = [points[1]?.stores, points[25]?.stores, points.at(-1)?.stores];

    expect((now?.ready ?? 0) - (begin?.ready ?? 0)).toBe(1);
    expect((between?.provisioning ?? 0) - (begin?.provisioning ?? 0)).toBe(1);
    expect(between?.ready ?? 0).toBe(begin?.ready ?? 0);
  });

  it("counts workers while they were there", async () => {
    const { pool } = api.database.connection;
    const add = (times: string) =>
      pool.query(
        `insert into workers (id, hostname, pid, process_start, started_at, stopped_at, heartbeat_at)
         values (gen_random_uuid(), 'w', 1, '1', ${times})`,
      );
    await add("now() - interval '40 minutes', now() - interval '20 minutes', now() - interval '20 minutes'");
    await add("now() - interval '30 minutes', null, now() - interval '10 minutes'");
    await add("now() - interval '30 minutes', null, now()");

    const { points } = await read("?span=hour");

    expect([5, 25, 35, 45, 59].map((index) => points[index]?.workers)).toEqual([0, 1, 3, 2, 1]);
  });
});
