import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acceptedSchema, storeSchema } from "../../../automation-api/contract/store.ts";
import { finish, writeEvent } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const ready = { status: "ready", outputs: { url: "http://a.localhost", adminUrl: "http://a.localhost/app" } } as const;

async function jobsOf(operationId: string): Promise<number> {
  const { rows } = await api.database.connection.pool.query("select 1 from graphile_worker.jobs where key = $1", [
    operationId,
  ]);
  return rows.length;
}

describe("POST /api/v1/stores", () => {
  it("accepts a store: 202, where to look, the rows and an entry in the queue", async () => {
    const name = freshName();

    const answer = await api.signedIn("/api/v1/stores", { body: { name, engine: "medusa", displayName: "My shop" } });

    expect(answer.status).toBe(202);
    const { store, operation } = acceptedSchema.parse(answer.json);
    expect(answer.headers.location).toBe(`/api/v1/operations/${operation.id}`);
    expect(store).toMatchObject({ name, displayName: "My shop", plan: "basic", status: "provisioning" });
    expect(operation).toMatchObject({ kind: "create", status: "queued", attempt: 0, askedBy: "owner" });
    expect(await jobsOf(operation.id)).toBe(1);
    const { items } = (await api.signedIn(`/api/v1/operations/${operation.id}/events`)).json;
    expect(items).toMatchObject([{ sequence: 1, status: "queued" }]);
  });

  it.each([
    [{ engine: "medusa" }, "name"],
    [{ name: "Bad Name", engine: "medusa" }, "name"],
    [{ name: "default", engine: "medusa" }, "name"],
    [{ name: "x1", engine: "shopify" }, "engine"],
    [{ name: "x1", engine: "medusa", plan: "huge" }, "plan"],
    [{ name: "x1", engine: "medusa", colour: "red" }, "colour"],
    [{ name: "x1", engine: "medusa", displayName: "half \ud800" }, "displayName"],
    [{ name: "x1", engine: "medusa", displayName: "nul \u0000" }, "displayName"],
    [{ name: "x1", engine: "medusa", domain: "other.localhost" }, "domain"],
    [{ name: "x1", engine: "medusa", engineVersion: "latest" }, "engineVersion"],
    [{ name: "x1", engine: "medusa", engineVersion: "1.0.0" }, "engineVersion"],
    [[], "body"],
  ])("refuses %j with the field %s", async (body, field) => {
    const answer = await api.signedIn("/api/v1/stores", { body });

    expect(answer.status).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it("names every mistake at once", async () => {
    const answer = await api.signedIn("/api/v1/stores", { body: { name: "X", engine: "y", plan: "z" } });

    expect(answer.json.errors).toHaveLength(3);
  });

  it("refuses a name that is taken: 409 with the field", async () => {
    const { name } = await givenStore(api);

    const answer = await api.signedIn("/api/v1/stores", { body: { name, engine: "medusa" } });

    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ type: "/problems/name-taken", errors: [{ field: "name" }] });
  });

  it("lets exactly one of many have a name", async () => {
    const name = freshName();

    const answers = await Promise.all(
      Array.from({ length: 12 }, () => api.signedIn("/api/v1/stores", { body: { name, engine: "medusa" } })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(11).fill(409)]);
  });

  it("refuses a domain that another store has, whoever is faster", async () => {
    const domain = `${freshName("d")}.example.com`;
    const spec = () => ({ name: freshName(), engine: "medusa", domain });

    const answers = await Promise.all([1, 2, 3].map(() => api.signedIn("/api/v1/stores", { body: spec() })));

    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  });

  it("gives the name of a deleted store to a new one, and shows only that", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "deleted" });
    const gone = await api.signedIn(`/api/v1/stores/${name}`);

    const again = await api.signedIn("/api/v1/stores", { body: { name, engine: "medusa" } });

    expect([gone.status, again.status]).toEqual([404, 202]);
    expect((await api.signedIn(`/api/v1/stores/${name}`)).json.operation.id).toBe(again.json.operation.id);
  });
});

describe("GET /api/v1/stores/:name", () => {
  it("tells everything about a store, and no secret", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);

    const answer = await api.signedIn(`/api/v1/stores/${name}`);

    const store = storeSchema.parse(answer.json);
    expect(store).toMatchObject({
      status: "ready",
      url: "http://a.localhost",
      namespace: `store-${name}`,
      can: { delete: true, rotate: true, retry: false, cancel: false, credentials: true },
    });
    expect(store.inspect).toContain(`pulumi stack --stack ${name}`);
    expect(answer.text).not.toContain("very secret");
  });

  it.each(["nobody-has-it", "%00", "Bad%20Name", "a".repeat(500), "%F0%9F%98%80"])("is 404 for %s", async (name) => {
    expect((await api.signedIn(`/api/v1/stores/${name}`)).status).toBe(404);
  });
});

describe("DELETE /api/v1/stores/:name", () => {
  const remove = (name: string) => api.signedIn(`/api/v1/stores/${name}`, { method: "DELETE" });

  it("queues the removal, and answers with the same operation while it is open", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);

    const first = await remove(name);
    const second = await remove(name);

    expect(first.json.operation).toMatchObject({ kind: "delete", status: "queued" });
    expect(second.json.operation.id).toBe(first.json.operation.id);
    expect((await api.signedIn(`/api/v1/stores/${name}`)).json.can.delete).toBe(false);
  });

  it("cancels a creation that nobody has begun", async () => {
    const { name, operation } = await givenStore(api);

    await remove(name);

    expect((await api.signedIn(`/api/v1/operations/${operation}`)).json.status).toBe("cancelled");
    expect(await jobsOf(operation)).toBe(0);
  });

  it("asks a creation that runs to stop, and queues behind it", async () => {
    const { name, operation } = await givenStore(api);
    await writeEvent(api.database.connection, operation, "Working");

    const answer = await remove(name);

    const creation = (await api.signedIn(`/api/v1/operations/${operation}`)).json;
    expect(creation).toMatchObject({ status: "running", cancelRequested: true });
    expect(answer.json.operation).toMatchObject({ kind: "delete", status: "queued" });
  });

  it("refuses while the removal is being cancelled: 409", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);
    const removal = (await remove(name)).json.operation.id;
    await writeEvent(api.database.connection, removal, "Working");
    await api.signedIn(`/api/v1/operations/${removal}/cancel`, { body: {} });

    const answer = await remove(name);

    expect(answer.status).toBe(409);
    expect(answer.json.type).toBe("/problems/being-cancelled");
  });

  it("is 404 for a store that is not there", async () => {
    expect((await remove("never-was")).status).toBe(404);
  });

  it("queues one removal when many ask at once", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);

    const answers = await Promise.all(Array.from({ length: 8 }, () => remove(name)));

    expect(new Set(answers.map(({ json }) => json.operation.id)).size).toBe(1);
  });
});

describe("POST /api/v1/stores/:name/retry", () => {
  const retry = (name: string) => api.signedIn(`/api/v1/stores/${name}/retry`, { body: {} });

  it("queues once more what failed", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "failed", { status: "failed", reason: "No room." });
    expect((await api.signedIn(`/api/v1/stores/${name}`)).json).toMatchObject({
      reason: "No room.",
      can: { retry: true, delete: true },
    });

    const answer = await retry(name);

    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ store: { status: "provisioning" }, operation: { kind: "create" } });
    expect(answer.json.operation.id).not.toBe(operation);
    expect(answer.json.store.reason).toBeUndefined();
  });

  it("refuses while something is under way, and when all went well: 409", async () => {
    const { name, operation } = await givenStore(api);
    const early = await retry(name);
    await finish(api.database.connection, operation, "succeeded", ready);

    const late = await retry(name);

    expect([early.status, late.status]).toEqual([409, 409]);
  });

  it("is 404 for a store that is not there", async () => {
    expect((await retry("never-was")).status).toBe(404);
  });
});

describe("POST /api/v1/stores/:name/rotate", () => {
  const rotate = (name: string, key?: string) =>
    api.signedIn(`/api/v1/stores/${name}/rotate`, {
      body: {},
      ...(key !== undefined && { headers: { "idempotency-key": key } }),
    });

  it("queues new secrets for a store that is ready, once for each key, and writes it down", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);

    const answers = [await rotate(name, `rotate-${name}`), await rotate(name, `rotate-${name}`)];

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    const asked = acceptedSchema.parse(answers[0]?.json).operation;
    expect(asked).toMatchObject({ kind: "rotate", status: "queued" });
    expect(acceptedSchema.parse(answers[1]?.json).operation.id).toBe(asked.id);
    expect(await jobsOf(asked.id)).toBe(1);
    const { rows } = await api.database.connection.pool.query(
      "select before, after from audit_entries where action = 'rotate secrets' and subject = $1",
      [name],
    );
    expect(rows).toEqual([{ before: { rotation: 0 }, after: { operation: asked.id, rotation: 1 } }]);
  });

  it("lets the newest request take the place of one that waits", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);
    const ask = async () => acceptedSchema.parse((await rotate(name)).json).operation.id;

    const [former, newest] = [await ask(), await ask()];

    const told = (id: string) => api.signedIn(`/api/v1/operations/${id}`);
    expect((await told(former)).json).toMatchObject({
      status: "cancelled",
      reason: "A newer request took its place before it began.",
    });
    expect((await told(newest)).json).toMatchObject({ status: "queued" });
    expect([await jobsOf(former), await jobsOf(newest)]).toEqual([0, 1]);
  });

  it("refuses while the store is made, while new secrets are, and when it failed: 409", async () => {
    const { name, operation } = await givenStore(api);
    const early = await rotate(name);
    await finish(api.database.connection, operation, "succeeded", ready);
    const { id } = acceptedSchema.parse((await rotate(name)).json).operation;
    await api.database.connection.pool.query("update operations set status = 'running' where id = $1", [id]);
    const twice = await rotate(name);
    const failed = await givenStore(api);
    await finish(api.database.connection, failed.operation, "failed", { status: "failed", reason: "No room." });

    const answers = [early, twice, await rotate(failed.name)];

    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409]);
    expect(answers.map(({ json }) => json.type)).toEqual(Array(3).fill("/problems/store-not-ready"));
  });

  it("is 404 for a store that is not there", async () => {
    expect((await rotate("never-was")).status).toBe(404);
  });
});
