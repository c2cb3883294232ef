import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema } from "../../../automation-api/contract/settings.ts";
import { type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";
import { type PersonUnderTest, somebody, someOrganization } from "./people-under-test.ts";

let api: ApiUnderTest;
let ann: PersonUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const roomy = {
  storesPerOrganization: 100,
  createsPerMinute: 100,
  operationsPerOrganization: 100,
  slotsPerOrganization: 100,
  changesPerMinute: 1000,
  signInsPerMinute: 1000,
  signInsPerPerson: 1000,
  signUp: "invitation",
  plans: ["basic", "standard", "premium"],
  webhooksToPrivateAddresses: false,
};

async function set(changes: Record<string, unknown>): Promise<void> {
  const answer = await api.signedIn(`${v1}/settings`, { method: "PUT", body: { ...roomy, ...changes } });
  if (answer.status !== 200) throw new Error(answer.text);
}

const create = (spec: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  ann.call(`${v1}/stores`, { body: { name: freshName(), engine: "medusa", ...spec }, headers });

beforeEach(async () => {
  const { id } = await someOrganization(api);
  ann = await somebody(api, { places: { [id]: "owner" } });
});

describe("limits", () => {
  it("let an organization have so many stores, whoever asks at once, and one more when one is gone", async () => {
    await set({ storesPerOrganization: 3 });

    const answers = await Promise.all(Array.from({ length: 8 }, () => create()));
    await api.database.connection.pool.query("update stores set deleted_at = now() where name = $1", [
      answers.find(({ status }) => status === 202)?.json.store.name,
    ]);
    const [again, over] = [await create(), await create()];

    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 409, 409, 409, 409, 409]);
    expect([again.status, over.status]).toEqual([202, 409]);
    expect(over.json).toMatchObject({ type: "/problems/too-many-stores", detail: expect.stringContaining("3 stores") });
  });

  it("let a person ask for so many stores a minute: 429 and when to try again", async () => {
    await set({ createsPerMinute: 2 });

    const answers = await Promise.all(Array.from({ length: 5 }, () => create()));
    const refused = answers.find(({ status }) => status === 429);
    await api.database.connection.pool.query("update rate_limits set ends_at = now() where key like 'create %'");

    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 429, 429, 429]);
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused?.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect((await create()).status).toBe(202);
  });

  it("count neither what was refused for another reason nor what was sent again", async () => {
    await set({ createsPerMinute: 2 });
    const name = freshName();
    const key = { "idempotency-key": "again" };

    await create({ name }, key);
    for (let count = 0; count < 3; count += 1) await create({ name }, key);
    for (let count = 0; count < 3; count += 1) await create({ name });

    expect((await create()).status).toBe(202);
    expect((await create()).status).toBe(429);
  });

  it("let so many operations of an organization wait and run", async () => {
    await set({ operationsPerOrganization: 2 });

    const answers = [await create(), await create(), await create()];

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(answers[2]?.headers["retry-after"]).toBe("15");
  });

  it("offer only the plans that administrators allow", async () => {
    await set({ plans: ["basic"] });

    const premium = await create({ plan: "premium" });

    expect(premium.status).toBe(400);
    expect(premium.json.errors[0]).toMatchObject({ field: "plan", message: expect.stringContaining("basic") });
    expect((await create()).status).toBe(202);
  });

  it("let a person change so much a minute, and somebody else still everything", async () => {
    await set({ changesPerMinute: 10 });
    const bob = await somebody(api);
    const change = (person: PersonUnderTest) =>
      person.call(`${v1}/sessions/never-was`, { method: "DELETE" }).then(({ status }) => status);

    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) statuses.push(await change(ann));

    expect(statuses).toEqual([...Array(10).fill(404), 429, 429]);
    expect(await change(bob)).toBe(404);
    expect((await ann.call(`${v1}/stores`)).status).toBe(200);
  });

  it("let a person read secrets as often as change something", async () => {
    await set({ changesPerMinute: 10 });
    const { name } = (await create()).json.store;
    const read = (what: string) => ann.call(`${v1}/stores/${name}/${what}`).then(({ status }) => status);

    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1) statuses.push(await read(count % 2 === 0 ? "credentials" : "export"));

    // It is not made yet; asking for it was the first of the ten.
    expect(statuses).toEqual([...Array(9).fill(409), 429, 429]);
    expect((await ann.call(`${v1}/stores/${name}`)).status).toBe(200);
  });

  it("let an address try so many tokens and keys a minute", async () => {
    await set({ signInsPerMinute: 5 });
    await api.database.connection.pool.query("delete from rate_limits");
    const statuses: number[] = [];

    for (let count = 0; count < 4; count += 1) {
      statuses.push((await api.call(`${v1}/session`, { body: { token: "guess" } })).status);
    }
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await api.call(`${v1}/stores`, { headers: { authorization: "Bearer sfk_guess" } })).status);
    }

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });
});

describe("settings", () => {
  it("begin with what the README says", () => {
    expect(settingsSchema.parse({})).toMatchObject({
      storesPerOrganization: 10,
      createsPerMinute: 5,
      plans: ["basic", "standard", "premium"],
    });
  });

  it("are changed by whoever has seen the last version: 412 for everybody else", async () => {
    const { headers } = await api.signedIn(`${v1}/settings`);
    const put = (etag: string) =>
      api.signedIn(`${v1}/settings`, { method: "PUT", body: roomy, headers: { "if-match": etag } });

    const first = await put(String(headers.etag));
    const second = await put(String(headers.etag));
    const third = await put(String(first.headers.etag));

    expect([first.status, second.status, third.status]).toEqual([200, 412, 200]);
    expect(second.json.type).toBe("/problems/changed-meanwhile");
  });

  it.each([
    [{ storesPerOrganization: -1 }, "storesPerOrganization"],
    [{ createsPerMinute: 1.5 }, "createsPerMinute"],
    [{ plans: [] }, "plans"],
    [{ plans: ["huge"] }, "plans.0"],
    [{ colour: "red" }, "colour"],
  ])("refuse %j with the field %s", async (body, field) => {
    const answer = await api.signedIn(`${v1}/settings`, { method: "PUT", body: { ...roomy, ...body } });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe(field);
  });
});
