import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClusterUnreachable } from "../../../automation-api/cluster/api-server.ts";
import { storeListSchema } from "../../../automation-api/contract/store.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const ready = { status: "ready", outputs: { url: "http://a.localhost", adminUrl: "http://a.localhost/app" } } as const;

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
