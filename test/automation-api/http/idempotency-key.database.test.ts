import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiUnderTest, freshName, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

describe("Idempotency-Key", () => {
  const post = (body: unknown, key: string) =>
    api.signedIn("/api/v1/stores", { body, headers: { "idempotency-key": key } });

  it("answers the same request again without doing it again", async () => {
    const body = { name: freshName(), engine: "medusa" };

    const first = await post(body, "key-1");
    const second = await post(body, "key-1");

    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json).toEqual(first.json);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect(second.headers.location).toBe(first.headers.location);
  });

  it("carries out once what is sent many times at once", async () => {
    const body = { name: freshName(), engine: "medusa" };

    const answers = await Promise.all(Array.from({ length: 8 }, () => post(body, "key-2")));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    expect(new Set(answers.map(({ json }) => json.operation.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers["idempotency-replayed"] === undefined)).toHaveLength(1);
  });

  it("refuses the same key with another request: 422", async () => {
    await post({ name: freshName(), engine: "medusa" }, "key-3");

    const answer = await post({ name: freshName(), engine: "medusa" }, "key-3");

    expect(answer.status).toBe(422);
    expect(answer.json.type).toBe("/problems/idempotency-key-reused");
  });

  it("does not remember a request that was refused", async () => {
    const { name } = await givenStore(api);
    await post({ name, engine: "medusa" }, "key-4");

    const answer = await post({ name: freshName(), engine: "medusa" }, "key-4");

    expect(answer.status).toBe(202);
  });

  it("forgets a key after a day", async () => {
    await post({ name: freshName(), engine: "medusa" }, "key-5");
    await api.database.connection.pool.query(
      "update idempotency_keys set created_at = now() - interval '25 hours' where key = 'key-5'",
    );

    const answer = await post({ name: freshName(), engine: "medusa" }, "key-5");

    expect(answer.status).toBe(202);
  });

  it("refuses a key that is none", async () => {
    const answer = await post({ name: freshName(), engine: "medusa" }, "with space");

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe("Idempotency-Key");
  });

  it("works for deleting and trying again", async () => {
    const { name } = await givenStore(api);
    const remove = () =>
      api.signedIn(`/api/v1/stores/${name}`, { method: "DELETE", headers: { "idempotency-key": "key-6" } });

    const first = await remove();
    const second = await remove();

    expect(second.json.operation.id).toBe(first.json.operation.id);
    expect(second.headers["idempotency-replayed"]).toBe("true");
  });
});
