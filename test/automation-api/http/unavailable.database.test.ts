import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowConnections } from "../../helpers/allow-connections.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";

// The database goes away under a service that runs.

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

describe("a database that is away", () => {
  it("is a 503 that says so, and all is well when it is back", async () => {
    const { name } = await givenStore(api);
    await allowConnections(api.database.url, false);
    const away = await api.signedIn(`/api/v1/stores/${name}`);
    const ready = await api.call("/readyz");
    const alive = await api.call("/livez");
    const measures = await api.call("/metrics");
    await allowConnections(api.database.url, true);

    const back = await api.signedIn(`/api/v1/stores/${name}`);

    expect(away.status).toBe(503);
    expect(away.json).toMatchObject({ type: "/problems/database-unreachable", status: 503 });
    expect(away.headers["retry-after"]).toBe("2");
    expect([ready.status, alive.status, back.status]).toEqual([503, 200, 200]);
    expect(measures.text).toContain("storefleet_database_up 0");
    // Not even a 0: it would tell of no workers and of nothing that waits.
    expect(measures.text.match(/^storefleet_(?!http_)\w+/gm)).toEqual(["storefleet_database_up"]);
    expect((await api.call("/metrics")).text).toContain("storefleet_database_up 1");
    expect(ready.json).toMatchObject({ type: "/problems/not-ready", parts: { database: "away", state: "ok" } });
  });
});
