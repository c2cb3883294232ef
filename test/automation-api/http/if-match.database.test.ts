import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finish } from "../../helpers/play-worker.ts";
import { type Answer, type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";
import { somebody } from "./people-under-test.ts";

// What is changed is what was seen: every single thing says its version, and takes no change of another one.

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const main = `${v1}/organizations/main`;
const tagOf = async (path: string) => String((await api.signedIn(path)).headers.etag);

async function aMember(): Promise<string> {
  const { rows } = await api.database.connection.pool.query("select id from organizations where name = 'main'");
  return `${main}/members/${(await somebody(api, { places: { [rows[0].id]: "viewer" } })).id}`;
}

interface Thing {
  readonly path: string;
  /** Changes it, or takes it away, under a version. */
  change(headers: Record<string, string>): Promise<Answer>;
  readonly done: number;
}

const sent = (path: string, method: string, body?: unknown) => (headers: Record<string, string>) =>
  api.signedIn(path, { method, headers, ...(body !== undefined && { body }) });

/** What the document says about a route. */
interface Described {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<number, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

const things: Readonly<Record<string, () => Promise<Thing>>> = {
  "an organization": async () => ({
    path: main,
    change: sent(main, "PATCH", { displayName: randomUUID() }),
    done: 200,
  }),
  "an organization that goes": async () => {
    const name = `org-${randomUUID().slice(0, 8)}`;
    await api.signedIn(`${v1}/organizations`, { body: { name } });
    return { path: `${v1}/organizations/${name}`, change: sent(`${v1}/organizations/${name}`, "DELETE"), done: 204 };
  },
  "a member": async () => {
    const path = await aMember();
    return { path, change: sent(path, "PATCH", { role: "member" }), done: 200 };
  },
  "a member who goes": async () => {
    const path = await aMember();
    return { path, change: sent(path, "DELETE"), done: 204 };
  },
  "an invitation": async () => {
    const made = await api.signedIn(`${main}/invitations`, { body: { role: "viewer" } });
    const path = `${main}/invitations/${made.json.invitation.id}`;
    return { path, change: sent(path, "DELETE"), done: 204 };
  },
  "one's own key": async () => {
    const made = await api.signedIn(`${v1}/keys`, { body: { name: "mine" } });
    const path = `${v1}/keys/${made.json.key.id}`;
    return { path, change: sent(path, "DELETE"), done: 204 };
  },
  "a key of an organization": async () => {
    const made = await api.signedIn(`${v1}/keys`, { body: { name: "ours" } });
    const path = `${main}/keys/${made.json.key.id}`;
    return { path, change: sent(path, "DELETE"), done: 204 };
  },
  "a webhook": async () => {
    const made = await api.signedIn(`${main}/webhooks`, { body: { url: "https://hooks.example.com" } });
    const path = `${main}/webhooks/${made.json.webhook.id}`;
    return { path, change: sent(path, "PATCH", { description: "changed" }), done: 200 };
  },
  "the secret of a webhook": async () => {
    const made = await api.signedIn(`${main}/webhooks`, { body: { url: "https://hooks.example.com" } });
    const path = `${main}/webhooks/${made.json.webhook.id}`;
    return { path, change: sent(`${path}/secret`, "POST", {}), done: 201 };
  },
  "an operation": async () => {
    const path = `${v1}/operations/${(await givenStore(api)).operation}`;
    return { path, change: sent(`${path}/cancel`, "POST", {}), done: 202 };
  },
  "one's own account": async () => {
    const path = `${v1}/account`;
    return { path, change: sent(path, "PATCH", { name: `Ann ${randomUUID().slice(0, 8)}` }), done: 200 };
  },
  "the settings": async () => {
    const path = `${v1}/settings`;
    const { json } = await api.signedIn(path);
    return { path, change: sent(path, "PUT", { ...json, storesPerOrganization: 77 }), done: 200 };
  },
};

describe("a change of what was seen", () => {
  it.each(Object.keys(things))("happens to %s in the version that is, and in no other: 412", async (name) => {
    const { path, change, done } = await things[name]!();
    const tag = await tagOf(path);

    const stale = await change({ "if-match": '"0-never-was"' });
    const unreadable = await change({ "if-match": "never was" });
    const same = await tagOf(path);
    const fresh = await change({ "if-match": tag });

    expect(tag).toMatch(/^"[\w-]+"$/);
    expect([stale.status, stale.json.type, stale.headers["content-type"]]).toEqual([
      412,
      "/problems/changed-meanwhile",
      "application/problem+json; charset=utf-8",
    ]);
    expect([unreadable.status, unreadable.json.errors[0].field]).toEqual([400, "If-Match"]);
    expect([same, fresh.status]).toEqual([tag, done]);
  });

  it("happens to a store likewise", async () => {
    const { name, operation } = await givenStore(api);
    const path = `${v1}/stores/${name}`;
    const seen = String((await api.signedIn(path)).headers.etag);
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });
    const now = String((await api.signedIn(path)).headers.etag);
    const remove = (tag: string) => api.signedIn(path, { method: "DELETE", headers: { "if-match": tag } });

    const stale = await remove(seen);
    const fresh = await remove(now);

    expect(now).not.toBe(seen);
    expect([stale.status, stale.json.type, fresh.status]).toEqual([412, "/problems/changed-meanwhile", 202]);
  });

  it("gives what was changed another version, and says it", async () => {
    const path = await aMember();
    const seen = await tagOf(path);

    const changed = await api.signedIn(path, { method: "PATCH", body: { role: "member" } });
    const again = await api.signedIn(path, { method: "PATCH", body: { role: "admin" }, headers: { "if-match": seen } });
    const { items } = (await api.signedIn(`${main}/members?limit=100`)).json;

    expect(changed.headers.etag).not.toBe(seen);
    expect(again.status).toBe(412);
    const listed = items.find(({ id }: { id: string }) => path.endsWith(id));
    expect(`"${listed.version}"`).toBe(changed.headers.etag);
  });

  it("is never answered from memory: the version is not how far an operation is", async () => {
    const { name, operation } = await givenStore(api);
    for (const path of [`${v1}/stores/${name}`, `${v1}/operations/${operation}`]) {
      const tag = await tagOf(path);

      expect((await api.signedIn(path, { headers: { "if-none-match": tag } })).status).toBe(200);
    }
  });
});

describe("the OpenAPI document", () => {
  it("says which things have a version, and that a change of another one is refused", async () => {
    const { paths } = (await api.call("/openapi.json")).json;
    const all = Object.entries<Record<string, Described>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({ name: `${method} ${path}`, ...described })),
    );
    const conditional = all.filter(({ parameters = [] }) => parameters.some(({ name }) => name === "If-Match"));
    const tagged = all.filter(({ name, responses }) => name.startsWith("get ") && responses[200]?.headers?.ETag);

    expect(conditional.every(({ responses }) => responses[412] !== undefined)).toBe(true);
    expect(conditional.length).toBeGreaterThanOrEqual(15);
    expect(tagged.map(({ name }) => name).sort()).toEqual([
      "get /api/v1/account",
      "get /api/v1/keys/{id}",
      "get /api/v1/operations/{id}",
      "get /api/v1/organizations/{organization}",
      "get /api/v1/organizations/{organization}/invitations/{id}",
      "get /api/v1/organizations/{organization}/keys/{id}",
      "get /api/v1/organizations/{organization}/members/{id}",
      "get /api/v1/organizations/{organization}/webhooks/{id}",
      "get /api/v1/platform/clusters/{name}",
      "get /api/v1/settings",
      "get /api/v1/stores/{name}",
    ]);
  });
});
