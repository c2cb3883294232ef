import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memberListSchema, organizationListSchema } from "../../../automation-api/contract/people.ts";
import { thingsOf } from "./access-probes.ts";
import { type ApiUnderTest, freshName, startApi } from "./api-under-test.ts";
import { somebody, someOrganization } from "./people-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const names = (items: { name: string }[]) => items.map(({ name }) => name);

describe("organizations", () => {
  it("begin with one that belongs to whoever opens the first link", async () => {
    const session = (await api.signedIn(`${v1}/session`)).json;

    expect(session).toMatchObject({
      user: { name: "owner", administrator: true },
      organizations: [{ name: "main", role: "owner" }],
    });
  });

  it("belong to whoever makes them, and hide from others", async () => {
    const [ann, bob] = [await somebody(api), await somebody(api)];
    const name = freshName("org");

    const made = await ann.call(`${v1}/organizations`, { body: { name, displayName: "Ann's shops" } });
    const seen = organizationListSchema.parse((await ann.call(`${v1}/organizations`)).json);
    const hidden = organizationListSchema.parse((await bob.call(`${v1}/organizations`)).json);

    expect(made.status).toBe(201);
    expect(seen.items).toMatchObject([{ name, displayName: "Ann's shops", role: "owner", members: 1, stores: 0 }]);
    expect(hidden.items).toEqual([]);
  });

  it("have a name that nobody else has: 409 with the field", async () => {
    const answer = await api.signedIn(`${v1}/organizations`, { body: { name: "main" } });

    expect(answer.status).toBe(409);
    expect(answer.json.errors[0].field).toBe("name");
  });

  it("show their own stores, operations and figures, and only those", async () => {
    const [one, other] = [await someOrganization(api), await someOrganization(api)];
    const ann = await somebody(api, { places: { [one.id]: "member" } });
    const bob = await somebody(api, { places: { [other.id]: "member" } });
    const store = await thingsOf(api, one, ann).store();
    await thingsOf(api, other, bob).store();

    const list = (await ann.call(`${v1}/stores`)).json;
    const overview = (await ann.call(`${v1}/overview`)).json;

    expect(names(list.items)).toEqual([store.name]);
    expect(overview).toMatchObject({ stores: { provisioning: 1 }, queued: 1, running: 0 });
    expect(overview.recent.map(({ id }: { id: string }) => id)).toEqual([store.operation]);
  });

  it("are chosen by name when somebody belongs to several", async () => {
    const [one, other] = [await someOrganization(api), await someOrganization(api)];
    const ann = await somebody(api, { places: { [one.id]: "member", [other.id]: "owner" } });
    const create = (query: string) =>
      ann.call(`${v1}/stores${query}`, { body: { name: freshName(), engine: "medusa" } });

    const unsaid = await create("");
    const said = await create(`?organization=${other.name}`);
    const twice = await create(`?organization=${one.name}&organization=${other.name}`);

    expect([unsaid.status, said.status, twice.status]).toEqual([400, 202, 404]);
    expect(unsaid.json.errors[0]).toMatchObject({ field: "organization" });
    expect(names((await ann.call(`${v1}/stores?organization=${one.name}`)).json.items)).toEqual([]);
    expect(names((await ann.call(`${v1}/stores`)).json.items)).toEqual([said.json.store.name]);
  });

  it("can be removed only before they had a store", async () => {
    const organization = await someOrganization(api);
    const ann = await somebody(api, { places: { [organization.id]: "owner" } });
    const empty = freshName("org");
    await ann.call(`${v1}/organizations`, { body: { name: empty } });
    await thingsOf(api, organization, ann).store();

    const full = await ann.call(`${v1}/organizations/${organization.name}`, { method: "DELETE" });
    const gone = await ann.call(`${v1}/organizations/${empty}`, { method: "DELETE" });

    expect([full.status, gone.status]).toEqual([409, 204]);
    expect((await ann.call(`${v1}/organizations/${empty}`)).status).toBe(404);
  });
});

describe("members", () => {
  it("lose what they may at once, in streams too, when they are taken out", async () => {
    const organization = await someOrganization(api);
    const owner = await somebody(api, { places: { [organization.id]: "owner" } });
    const member = await somebody(api, { places: { [organization.id]: "member" } });
    const { name } = await thingsOf(api, organization, owner).store();
    const before = await member.call(`${v1}/stores/${name}`);

    await owner.call(`${v1}/organizations/${organization.name}/members/${member.id}`, { method: "DELETE" });

    expect([before.status, (await member.call(`${v1}/stores/${name}`)).status]).toEqual([200, 404]);
  });

  it("may leave, but not the last owner: 409", async () => {
    const organization = await someOrganization(api);
    const owner = await somebody(api, { places: { [organization.id]: "owner" } });
    const viewer = await somebody(api, { places: { [organization.id]: "viewer" } });
    const members = `${v1}/organizations/${organization.name}/members`;

    const left = await viewer.call(`${members}/${viewer.id}`, { method: "DELETE" });
    const stays = await owner.call(`${members}/${owner.id}`, { method: "DELETE" });
    const demoted = await owner.call(`${members}/${owner.id}`, { method: "PATCH", body: { role: "viewer" } });

    expect([left.status, stays.status, demoted.status]).toEqual([204, 409, 409]);
    expect(stays.json.type).toBe("/problems/last-owner");
    expect(memberListSchema.parse((await owner.call(members)).json).items).toHaveLength(1);
  });

  it("keep one owner when two leave at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const organization = await someOrganization(api);
      const places = { [organization.id]: "owner" as const };
      const both = [await somebody(api, { places }), await somebody(api, { places })];
      const members = `${v1}/organizations/${organization.name}/members`;

      const answers = await Promise.all(both.map((one) => one.call(`${members}/${one.id}`, { method: "DELETE" })));

      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    }
  });

  it("cannot be made owners, or unmade, by admins", async () => {
    const organization = await someOrganization(api);
    const places = (role: "owner" | "admin" | "viewer") => ({ places: { [organization.id]: role } });
    const [owner, admin, viewer] = [
      await somebody(api, places("owner")),
      await somebody(api, places("admin")),
      await somebody(api, places("viewer")),
    ];
    const change = (id: string, role: string) =>
      admin.call(`${v1}/organizations/${organization.name}/members/${id}`, { method: "PATCH", body: { role } });
    const invitation = await admin.call(`${v1}/organizations/${organization.name}/invitations`, {
      body: { role: "owner" },
    });

    const statuses = [
      await change(viewer.id, "owner"),
      await change(owner.id, "viewer"),
      await change(viewer.id, "admin"),
    ];

    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 200]);
    expect(invitation.status).toBe(403);
  });

  it("of another organization cannot be reached by their id", async () => {
    const [one, other] = [await someOrganization(api), await someOrganization(api)];
    const owner = await somebody(api, { places: { [one.id]: "owner" } });
    const stranger = await somebody(api, { places: { [other.id]: "member" } });
    const address = `${v1}/organizations/${one.name}/members/${stranger.id}`;

    const answers = [
      await owner.call(address, { method: "DELETE" }),
      await owner.call(address, { method: "PATCH", body: { role: "viewer" } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe("invitations", () => {
  const invite = async () => {
    const organization = await someOrganization(api);
    const owner = await somebody(api, { places: { [organization.id]: "owner" } });
    const path = `${v1}/organizations/${organization.name}/invitations`;
    const made = await owner.call(path, { body: { role: "member", note: "Zoe" } });
    return { organization, owner, path, made, token: String(made.json.link).split("#token=")[1] ?? "" };
  };
  const accept = (body: unknown) => api.call(`${v1}/invitations/accept`, { body });

  it("make a new person and sign them in, once", async () => {
    const { organization, token, made } = await invite();

    const first = await accept({ token, name: "Zoe" });
    const second = await accept({ token, name: "Zed" });

    expect(made.status).toBe(201);
    expect([first.status, second.status]).toEqual([200, 404]);
    expect(first.json).toMatchObject({
      user: { name: "Zoe", administrator: false },
      organizations: [{ name: organization.name, role: "member" }],
    });
    const cookie = String(first.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
    expect((await api.call(`${v1}/session`, { headers: { cookie } })).json.user.name).toBe("Zoe");
  });

  it("let whoever is signed in join as who they are", async () => {
    const { organization, token } = await invite();
    const ann = await somebody(api);

    const answer = await ann.call(`${v1}/invitations/accept`, { body: { token } });

    expect(answer.json.user.name).toBe(ann.name);
    expect(answer.json.organizations).toEqual([{ name: organization.name, role: "member" }]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("ask a new person for a name and can then still be accepted", async () => {
    const { token } = await invite();

    const nameless = await accept({ token });

    expect(nameless.status).toBe(400);
    expect(nameless.json.errors[0].field).toBe("name");
    expect((await accept({ token, name: "Zoe" })).status).toBe(200);
  });

  it("do not work once withdrawn or too old, and are kept as hashes only", async () => {
    const [one, two] = [await invite(), await invite()];
    const { items } = (await one.owner.call(one.path)).json;
    await one.owner.call(`${one.path}/${items[0].id}`, { method: "DELETE" });
    await api.database.connection.pool.query("update invitations set expires_at = now() where organization_id = $1", [
      two.organization.id,
    ]);
    const rows = await api.database.connection.pool.query("select * from invitations");

    expect(items).toMatchObject([{ role: "member", note: "Zoe" }]);
    expect([
      (await accept({ token: one.token, name: "Z" })).status,
      (await accept({ token: two.token, name: "Z" })).status,
    ]).toEqual([404, 404]);
    expect(JSON.stringify(rows.rows)).not.toContain(two.token);
  });
});

describe("people", () => {
  it("get a new way in from an administrator, once", async () => {
    const ann = await somebody(api);
    const made = await api.signedIn(`${v1}/people/${ann.id}/sign-in-link`, { body: {} });
    const token = String(made.json.link).split("#token=")[1];

    const signedIn = await api.call(`${v1}/session`, { body: { token } });
    const again = await api.call(`${v1}/session`, { body: { token } });

    expect(signedIn.json.user).toEqual({ id: ann.id, name: ann.name, administrator: false });
    expect(again.status).toBe(401);
    expect((await api.signedIn(`${v1}/people`)).json.items.map(({ id }: { id: string }) => id)).toContain(ann.id);
  });
});
