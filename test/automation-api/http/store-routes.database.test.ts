import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClusterUnreachable } from "../../../automation-api/cluster/api-server.ts";
import { acceptedSchema, storeListSchema, storeSchema } from "../../../automation-api/contract/store.ts";
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
      can: { delete: true, retry: false, cancel: false, credentials: true },
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

describe("GET /api/v1/stores/:name/credentials", () => {
  const credentials = {
    adminUser: "admin@example.com",
    adminPassword: "do-not-log-me",
    keys: { publishableKey: "pk_1" },
  };

  it("reveals them, keeps nothing, and writes down who has seen them", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", ready);
    api.fakes.readCredentials = async () => credentials;

    const answer = await api.signedIn(`/api/v1/stores/${name}/credentials`);

    expect(answer.json).toEqual({ ...credentials, adminUrl: "http://a.localhost/app" });
    expect(answer.headers["cache-control"]).toBe("no-store");
    const audit = await api.database.connection.database
      .selectFrom("auditEntries")
      .select(["actor", "action", "via", "after"])
      .where("subject", "=", name)
      .where("action", "=", "read credentials")
      .execute();
    expect(audit).toEqual([{ actor: "owner", action: "read credentials", via: "session", after: null }]);
    expect(api.log.join("")).not.toContain("do-not-log-me");
  });

  it("is 409 when there are none yet, 503 when the cluster does not answer, 404 for no store", async () => {
    const { name } = await givenStore(api);
    api.fakes.readCredentials = async () => undefined;
    const none = await api.signedIn(`/api/v1/stores/${name}/credentials`);
    api.fakes.readCredentials = async () => {
      throw new ClusterUnreachable("connect ECONNREFUSED");
    };

    const away = await api.signedIn(`/api/v1/stores/${name}/credentials`);
    const unknown = await api.signedIn("/api/v1/stores/never-was/credentials");

    expect([none.status, away.status, unknown.status]).toEqual([409, 503, 404]);
    expect(away.headers["retry-after"]).toBe("2");
  });
});

describe("GET /api/v1/names/:name", () => {
  it("says whether a name is free, taken, or cannot be one", async () => {
    const { name } = await givenStore(api);
    const check = async (text: string) => (await api.signedIn(`/api/v1/names/${text}`)).json;

    expect(await check("still-free")).toEqual({ name: "still-free", available: true });
    expect(await check(name)).toMatchObject({ available: false, reason: expect.stringContaining("already") });
    expect(await check("Not%20One")).toMatchObject({ available: false, reason: expect.stringContaining("Not One") });
    expect(await check("kube-x")).toMatchObject({ available: false, reason: expect.stringContaining("reserved") });
  });
});

describe("GET /api/v1/stores", () => {
  async function allPages(query: string, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await api.signedIn(`/api/v1/stores?${query}${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      const page = storeListSchema.parse(answer.json);
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      await between();
    } while (cursor !== undefined);
    return names;
  }

  it.each(["name", "-name", "createdAt", "-createdAt", "status", "-status"])(
    "by %s shows each store once while others are made",
    async (sort) => {
      const mark = freshName("list");
      const make = async (part: string) => (await givenStore(api, { name: `${part}-${mark}` })).name;
      const before: string[] = [];
      for (const part of ["m", "b", "z", "a", "q"]) before.push(await make(part));
      // Rows made in the same microsecond must not hide one another.
      await api.database.connection.pool.query("update stores set created_at = now() where name = any($1)", [
        before.slice(0, 3),
      ]);
      let made = 0;

      const seen = await allPages(`search=${mark}&sort=${sort}&limit=2`, async () => {
        made += 1;
        if (made < 5) await make(`n${made}`);
      });

      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(before));
      const values = seen.filter((name) => before.includes(name));
      if (sort === "name") expect(values).toEqual([...before].sort());
      if (sort === "-name") expect(values).toEqual([...before].sort().reverse());
    },
  );

  it("filters by status, engine, plan and part of a name", async () => {
    const { name, operation } = await givenStore(api, { plan: "premium", displayName: "100%_Wool" });
    await finish(api.database.connection, operation, "succeeded", ready);

    expect(
      await allPages(`status=ready,failed&plan=premium&engine=medusa&search=${encodeURIComponent("%_wool")}`),
    ).toEqual([name]);
    expect(await allPages(`search=${name}`)).toEqual([name]);
    expect(await allPages("search=100x_wool")).toEqual([]);
  });

  it("shows deleted stores only when asked", async () => {
    const { name, operation } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "deleted" });

    expect(await allPages(`search=${name}`)).toEqual([]);
    expect(await allPages(`search=${name}&status=deleted`)).toEqual([name]);
  });

  it.each([
    ["status=happy", "status.0"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=x", "limit"],
    ["sort=price", "sort"],
    ["cursor=nonsense", "cursor"],
    [
      `cursor=${Buffer.from('{"sort":"-createdAt","value":"2026-99-99T00:00:00.000000Z","id":"x"}').toString("base64url")}`,
      "cursor",
    ],
    ["search=%00", "search"],
    ["sort=name&sort=status", "sort"],
  ])("refuses ?%s with the field", async (query, field) => {
    const answer = await api.signedIn(`/api/v1/stores?${query}`);

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe(field);
  });

  it("refuses the cursor of another order", async () => {
    await givenStore(api);
    await givenStore(api);
    const { nextCursor } = (await api.signedIn("/api/v1/stores?sort=name&limit=1")).json;

    expect((await api.signedIn(`/api/v1/stores?sort=-name&cursor=${nextCursor}`)).status).toBe(400);
  });
});
