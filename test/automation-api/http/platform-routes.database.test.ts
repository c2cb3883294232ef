import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
