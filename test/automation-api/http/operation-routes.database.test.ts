import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationListSchema, operationSchema } from "../../../automation-api/contract/operation.ts";
import { finish, writeEvent } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const cancel = (id: string) => api.signedIn(`/api/v1/operations/${id}/cancel`, { body: {} });
const unknown = "00000000-0000-4000-8000-000000000000";

describe("GET /api/v1/operations/:id", () => {
  it("tells how far it is", async () => {
    const { operation, name } = await givenStore(api);

    const answer = await api.signedIn(`/api/v1/operations/${operation}`);

    const told = operationSchema.parse(answer.json);
    expect(told).toMatchObject({ store: name, status: "queued", cancelRequested: false });
    expect(told.progress.fraction).toBe(0);
    expect(told.progress.steps.length).toBeGreaterThan(0);
  });

  it.each([unknown, "not-an-id", "%00", "1'; drop table stores"])("is 404 for %s", async (id) => {
    expect((await api.signedIn(`/api/v1/operations/${encodeURIComponent(id)}`)).status).toBe(404);
  });
});

describe("POST /api/v1/operations/:id/cancel", () => {
  it("cancels what nobody has begun, at once and for good", async () => {
    const { operation, name } = await givenStore(api);

    const answer = await cancel(operation);

    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ status: "cancelled", cancelRequested: true });
    const store = (await api.signedIn(`/api/v1/stores/${name}`)).json;
    expect(store).toMatchObject({ status: "failed", can: { retry: true, delete: true, cancel: false } });
    expect(store.reason).toContain("cancelled");
    const { rows } = await api.database.connection.pool.query("select 1 from graphile_worker.jobs where key = $1", [
      operation,
    ]);
    expect(rows).toEqual([]);
  });

  it("asks the worker of what runs, once, and tells it so", async () => {
    const { operation } = await givenStore(api);
    await writeEvent(api.database.connection, operation, "Working");
    const heard: (string | undefined)[] = [];
    const listener = await api.database.connection.pool.connect();
    listener.on("notification", ({ payload }) => heard.push(payload));
    await listener.query("listen cancel");

    const first = await cancel(operation);
    const second = await cancel(operation);
    await listener.query("select 1");
    listener.release(true);

    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.json).toMatchObject({ status: "running", cancelRequested: true });
    expect(heard).toEqual([operation]);
  });

  it("is 409 when it is over, 404 when there is none", async () => {
    const { operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });

    expect((await cancel(operation)).status).toBe(409);
    expect((await cancel(unknown)).status).toBe(404);
  });

  it("leaves the store as it is when its removal is cancelled before it began", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });
    const removal = (await api.signedIn(`/api/v1/stores/${name}`, { method: "DELETE" })).json.operation.id;

    await cancel(removal);

    expect((await api.signedIn(`/api/v1/stores/${name}`)).json).toMatchObject({
      status: "ready",
      can: { delete: true },
    });
  });

  it("lets either the worker or the person win, never both", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { operation } = await givenStore(api);
      const begin = api.database.connection.database
        .updateTable("operations")
        .set({ status: "running" })
        .where("id", "=", operation)
        .where("status", "=", "queued")
        .returning("id")
        .execute();

      const [begun, answer] = await Promise.all([begin, cancel(operation)]);

      expect(answer.json.status).toBe(begun.length === 1 ? "running" : "cancelled");
      expect(answer.json.cancelRequested).toBe(true);
    }
  });
});

describe("GET /api/v1/stores/:name/operations", () => {
  it("pages through them, newest first, while more come", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "failed", { status: "failed" });
    const made = [operation];
    const retry = async () => {
      const { id } = (await api.signedIn(`/api/v1/stores/${name}/retry`, { body: {} })).json.operation;
      await finish(api.database.connection, id, "failed", { status: "failed" });
      return id;
    };
    for (let count = 0; count < 4; count += 1) made.push(await retry());

    const seen: string[] = [];
    let cursor = "";
    do {
      const answer = await api.signedIn(`/api/v1/stores/${name}/operations?limit=2${cursor}`);
      const page = operationListSchema.parse(answer.json);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === undefined ? "" : `&cursor=${page.nextCursor}`;
      if (seen.length === 2) await retry();
    } while (cursor !== "");

    expect(seen).toEqual(made.toReversed());
  });

  it("is 404 for no store and 400 for the cursor of another store", async () => {
    const one = await givenStore(api);
    const other = await givenStore(api);
    await api.signedIn(`/api/v1/stores/${one.name}`, { method: "DELETE" });
    const { nextCursor } = (await api.signedIn(`/api/v1/stores/${one.name}/operations?limit=1`)).json;

    const foreign = await api.signedIn(`/api/v1/stores/${other.name}/operations?cursor=${nextCursor}`);

    expect(foreign.status).toBe(400);
    expect((await api.signedIn("/api/v1/stores/never-was/operations")).status).toBe(404);
  });
});
