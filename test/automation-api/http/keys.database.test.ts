import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyListSchema, newKeySchema, openSessionListSchema } from "../../../automation-api/contract/keys.ts";
import { thingsOf } from "./access-probes.ts";
import { type ApiUnderTest, freshName, type Sent, startApi } from "./api-under-test.ts";
import { type PersonUnderTest, somebody, someOrganization } from "./people-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const bearer =
  (secret: string) =>
  (path: string, sent: Sent = {}) =>
    api.call(path, { ...sent, headers: { authorization: `Bearer ${secret}`, ...sent.headers } });

async function keyOf(person: PersonUnderTest, body: Record<string, unknown> = {}) {
  const answer = await person.call(`${v1}/keys`, { body: { name: "a key", ...body } });
  if (answer.status !== 201) throw new Error(answer.text);
  const { key, secret } = newKeySchema.parse(answer.json);
  return { ...key, secret, call: bearer(secret) };
}

async function ownerOfTwo() {
  const [one, other] = [await someOrganization(api), await someOrganization(api)];
  const ann = await somebody(api, { places: { [one.id]: "owner", [other.id]: "owner" } });
  return { one, other, ann };
}

describe("API keys", () => {
  it("are shown once and kept as hashes, and nothing of them is in the log", async () => {
    const { ann, one } = await ownerOfTwo();
    const { secret, hint } = await keyOf(ann, { organization: one.name });
    const rows = await api.database.connection.pool.query("select * from api_keys, audit_entries");
    const list = await ann.call(`${v1}/keys`);

    expect(secret).toMatch(/^sfk_[\w-]{43}$/);
    expect(secret.startsWith(hint)).toBe(true);
    expect(keyListSchema.parse(list.json).items).toMatchObject([{ name: "a key", organization: one.name, hint }]);
    expect(JSON.stringify(rows.rows) + list.text + api.log.join("")).not.toContain(secret);
  });

  it("open the one organization they were made for, and no other of the same person", async () => {
    const { ann, one, other } = await ownerOfTwo();
    const [inOne, inOther] = [await thingsOf(api, one, ann).store(), await thingsOf(api, other, ann).store()];
    const key = await keyOf(ann, { organization: one.name });

    const seen = await key.call(`${v1}/stores`);
    const own = await key.call(`${v1}/stores/${inOne.name}`);
    const foreign = [
      await key.call(`${v1}/stores/${inOther.name}`),
      await key.call(`${v1}/operations/${inOther.operation}`),
      await key.call(`${v1}/operations/${inOther.operation}/events`, { headers: { accept: "text/event-stream" } }),
      await key.call(`${v1}/stores?organization=${other.name}`),
    ];

    expect(seen.json.items.map(({ name }: { name: string }) => name)).toEqual([inOne.name]);
    expect(own.status).toBe(200);
    expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it("may only what they were made for", async () => {
    const { ann, one } = await ownerOfTwo();
    const { name } = await thingsOf(api, one, ann).store("ready");
    api.fakes.readCredentials = async () => ({ adminUser: "a@b.c", adminPassword: "marker", keys: {} });
    const statuses = async (scopes: string[]) => {
      const key = await keyOf(ann, { organization: one.name, scopes });
      const answers = [
        await key.call(`${v1}/stores/${name}`),
        await key.call(`${v1}/stores`, { body: { name: freshName(), engine: "medusa" } }),
        await key.call(`${v1}/stores/${name}/credentials`),
        await key.call(`${v1}/organizations/${one.name}/invitations`),
        await key.call(`${v1}/sessions`),
        await key.call(`${v1}/settings`),
      ];
      return answers.map(({ status }) => status);
    };

    expect(await statuses(["read"])).toEqual([200, 403, 403, 403, 403, 403]);
    expect(await statuses(["write"])).toEqual([403, 202, 403, 403, 403, 403]);
    expect(await statuses(["credentials"])).toEqual([403, 403, 200, 403, 403, 403]);
    expect(await statuses(["manage"])).toEqual([403, 403, 403, 200, 403, 403]);
  });

  it("never may more than whoever they belong to may now", async () => {
    const organization = await someOrganization(api);
    const owner = await somebody(api, { places: { [organization.id]: "owner" } });
    const member = await somebody(api, { places: { [organization.id]: "member" } });
    const key = await keyOf(member, { scopes: ["read", "write"] });
    const create = () => key.call(`${v1}/stores`, { body: { name: freshName(), engine: "medusa" } });
    const path = `${v1}/organizations/${organization.name}/members/${member.id}`;

    const before = await create();
    await owner.call(path, { method: "PATCH", body: { role: "viewer" } });
    const asViewer = await create();
    await owner.call(path, { method: "DELETE" });
    const expelled = await key.call(`${v1}/stores`);

    expect([before.status, asViewer.status, expelled.status]).toEqual([202, 403, 401]);
  });

  it("of an administrator do not administer the platform", async () => {
    const organization = await someOrganization(api);
    const admin = await somebody(api, { administrator: true, places: { [organization.id]: "owner" } });
    const key = await keyOf(admin, { scopes: ["read", "write", "credentials", "manage"] });
    const { name } = await thingsOf(api, ...(await strangers())).store();

    expect((await admin.call(`${v1}/stores/${name}`)).status).toBe(200);
    expect((await key.call(`${v1}/stores/${name}`)).status).toBe(404);
    expect((await key.call(`${v1}/people`)).status).toBe(403);
  });

  it("cannot make keys that may more, or for elsewhere", async () => {
    const { ann, one, other } = await ownerOfTwo();
    const key = await keyOf(ann, { organization: one.name, scopes: ["manage"] });
    const make = async (body: object) => (await key.call(`${v1}/keys`, { body: { name: "x", ...body } })).status;

    expect(await make({ scopes: ["manage"] })).toBe(201);
    expect(await make({ scopes: ["manage", "write"] })).toBe(403);
    expect(await make({ scopes: ["manage"], organization: other.name })).toBe(404);
  });

  it("for an organization that is not one's own are refused as if it was not there", async () => {
    const { ann } = await ownerOfTwo();
    const [theirs] = await strangers();
    const make = (organization: string) => ann.call(`${v1}/keys`, { body: { name: "x", organization } });

    const [foreign, absent] = [await make(theirs.name), await make("never-was")];

    expect([foreign.status, foreign.text]).toEqual([404, absent.text]);
  });

  it("work no more when they are revoked, by their owner or the organization's, or too old", async () => {
    const organization = await someOrganization(api);
    const owner = await somebody(api, { places: { [organization.id]: "owner" } });
    const member = await somebody(api, { places: { [organization.id]: "member" } });
    const [one, two, three] = [await keyOf(member), await keyOf(member), await keyOf(member)];

    await member.call(`${v1}/keys/${one.id}`, { method: "DELETE" });
    await owner.call(`${v1}/organizations/${organization.name}/keys/${two.id}`, { method: "DELETE" });
    await api.database.connection.pool.query("update api_keys set expires_at = now() where id = $1", [three.id]);
    const foreign = await owner.call(`${v1}/keys/${one.id}`, { method: "DELETE" });

    for (const { call } of [one, two, three]) expect((await call(`${v1}/stores`)).status).toBe(401);
    expect(foreign.status).toBe(404);
  });

  it.each(["", "Bearer", "Bearer sfk_x", "Basic YTpi", `Bearer sfk_${"a".repeat(43)}`])(
    "are not %j: 401, even with a good cookie",
    async (authorization) => {
      expect((await api.signedIn(`${v1}/stores`, { headers: { authorization } })).status).toBe(401);
    },
  );
});

describe("sessions of a person", () => {
  it("are listed, and ended one by one or all but this one", async () => {
    const token = async () =>
      (await api.signedIn(`${v1}/people/${ann.id}/sign-in-link`, { body: {} })).json.link.split("=")[1];
    const ann = await somebody(api);
    const elsewhere = async () => {
      const answer = await api.call(`${v1}/session`, {
        body: { token: await token() },
        headers: { "user-agent": "A browser" },
      });
      return { cookie: String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "" };
    };
    const [first, second] = [await elsewhere(), await elsewhere()];
    const { items } = openSessionListSchema.parse((await api.call(`${v1}/sessions`, { headers: first })).json);

    await ann.call(`${v1}/sessions/${items.find(({ current }) => current)?.id}`, { method: "DELETE" });
    const ended = await api.call(`${v1}/session`, { headers: first });
    await ann.call(`${v1}/sessions`, { method: "DELETE" });

    expect(items).toHaveLength(3);
    expect(items.filter(({ agent }) => agent === "A browser")).toHaveLength(2);
    expect(ended.status).toBe(401);
    expect((await api.call(`${v1}/session`, { headers: second })).status).toBe(401);
    expect((await ann.call(`${v1}/session`)).status).toBe(200);
  });

  it("of somebody else cannot be ended by their id", async () => {
    const [ann, bob] = [await somebody(api), await somebody(api)];
    const { items } = (await bob.call(`${v1}/sessions`)).json;

    const answer = await ann.call(`${v1}/sessions/${items[0].id}`, { method: "DELETE" });

    expect(answer.status).toBe(404);
    expect((await bob.call(`${v1}/session`)).status).toBe(200);
  });
});

async function strangers() {
  const organization = await someOrganization(api);
  return [organization, await somebody(api, { places: { [organization.id]: "owner" } })] as const;
}
