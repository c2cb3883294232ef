import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Route } from "../../../automation-api/http/route.ts";
import { thingsOf } from "./access-probes.ts";
import { type Answer, type ApiUnderTest, type Sent, startApi } from "./api-under-test.ts";
import { type PersonUnderTest, somebody, someOrganization } from "./people-under-test.ts";

// Ten thousand requests by people who belong elsewhere, with every id of ours they could have heard of, in every place.

const PROBES = 10_000;
const AT_ONCE = 8;

let api: ApiUnderTest;
/** Everything that names something of ours. */
let ours: readonly string[];
/** People and keys of another organization, and somebody without any. */
let strangers: readonly PersonUnderTest["call"][];
let organization: { readonly id: string; readonly name: string };

beforeAll(async () => {
  api = await startApi();
  api.fakes.readCredentials = async () => ({ adminUser: "a@b.c", adminPassword: "marker-of-ours", keys: {} });
  organization = await someOrganization(api);
  const owner = await somebody(api, { places: { [organization.id]: "owner" } });
  const things = thingsOf(api, organization, owner);
  const stores = [await things.store("ready"), await things.store("failed"), await things.store()];
  const invitation = await owner.call(`/api/v1/organizations/${organization.name}/invitations`, {
    body: { role: "admin" },
  });
  const key = await owner.call("/api/v1/keys", { body: { name: "ours" } });
  const sessions = await owner.call("/api/v1/sessions");
  const webhooks = `/api/v1/organizations/${organization.name}/webhooks`;
  const webhook = await owner.call(webhooks, { body: { url: "https://hooks.example.com" } });
  const delivery = await owner.call(`${webhooks}/${webhook.json.webhook.id}/test`, { body: {} });
  ours = [
    organization.id,
    organization.name,
    owner.id,
    ...stores.flatMap(({ name, operation }) => [name, operation]),
    invitation.json.invitation.id,
    key.json.key.id,
    sessions.json.items[0].id,
    webhook.json.webhook.id,
    delivery.json.id,
  ];
  const elsewhere = await someOrganization(api);
  const [neighbour, nobody] = [await somebody(api, { places: { [elsewhere.id]: "owner" } }), await somebody(api)];
  const scopes = ["read", "write", "credentials", "manage"];
  const { secret } = (await neighbour.call("/api/v1/keys", { body: { name: "theirs", scopes } })).json;
  const byKey: PersonUnderTest["call"] = (path, sent = {}) =>
    api.call(path, { ...sent, headers: { ...sent.headers, authorization: `Bearer ${secret}` } });
  strangers = [neighbour.call, nobody.call, byKey];
});

afterAll(async () => {
  await api.stop();
});

interface Probe {
  readonly route: Route;
  readonly path: string;
  readonly sent: Sent;
  readonly stranger: number;
}

/** A request for any route with names of ours in its path, its query and its body. */
function probes() {
  // What one may do with one's own session, and what anybody may, is not about us.
  const routes = api.routes.filter(
    ({ rule, path }) => rule.about !== "anyone" && path !== "/api/v1/session" && path !== "/api/v1/sessions",
  );
  const name = fc.constantFrom(...ours);
  const fields = ["organization", "id", "store", "operation", "organizationId", "user", "role"];
  return fc
    .record({
      route: fc.constantFrom(...routes),
      names: fc.array(name, { minLength: 3, maxLength: 3 }),
      query: fc.dictionary(fc.constantFrom("organization", "name", "id", "cursor"), name, { maxKeys: 2 }),
      body: fc.dictionary(fc.constantFrom(...fields), name, { maxKeys: 3 }),
      streams: fc.boolean(),
      stranger: fc.nat(strangers.length - 1),
    })
    .map(({ route, names, query, body, streams, stranger }): Probe => {
      const rest = [...names];
      const path = route.path.replaceAll(/:\w+/g, () => rest.pop() ?? "");
      const text = new URLSearchParams(query).toString();
      const headers = streams ? { accept: "text/event-stream" } : {};
      const hasBody = route.method !== "get" && route.method !== "delete";
      // What strangers make for themselves has a name of their own, so that ours is not seen in it.
      const own = route.path === "/api/v1/keys" ? { name: "theirs" } : {};
      const sent = { method: route.method.toUpperCase(), headers, ...(hasBody && { body: { ...body, ...own } }) };
      return { route, path: text === "" ? path : `${path}?${text}`, sent, stranger };
    });
}

/** Everything of ours that a request could have changed or added to. */
async function snapshot(): Promise<string> {
  const { rows } = await api.database.connection.pool.query(
    `select (select json_agg(s order by s.id) from stores s where organization_id = $1) as stores,
      (select json_agg(o order by o.id) from operations o join stores s on s.id = o.store_id where organization_id = $1) as operations,
      (select json_agg(m order by m.user_id) from members m where organization_id = $1) as members,
      (select json_agg(i order by i.id) from invitations i where organization_id = $1) as invitations,
      (select json_agg(k order by k.id) from api_keys k where organization_id = $1) as keys,
      (select json_agg(w order by w.id) from webhooks w where organization_id = $1) as webhooks,
      (select json_agg(d order by d.id) from webhook_deliveries d join webhooks w on w.id = d.webhook_id
        where organization_id = $1) as deliveries,
      (select json_agg(g) from organizations g where id = $1) as organization,
      (select json_agg(t) from settings t) as settings`,
    [organization.id],
  );
  return JSON.stringify(rows);
}

/** A stranger's own lists may answer; nothing in them is ours. */
function expectNothingOfOurs({ route, path, sent }: Probe, { status, text }: Answer): void {
  const asked = ours.filter((name) => path.includes(name) || JSON.stringify(sent.body ?? "").includes(name));
  const told = ours.filter((name) => text.includes(name) && !asked.includes(name));
  const owns = ["self", "fleet", "new-in-organization"].includes(route.rule.about);
  expect([path, told, text.includes("marker-of-ours")]).toEqual([path, [], false]);
  if (!owns) expect([path, [403, 404].includes(status)]).toEqual([path, true]);
}

describe("strangers", () => {
  it(`see and change nothing of ours, whatever they ask, ${PROBES} times`, { timeout: 300_000 }, async () => {
    const before = await snapshot();
    const all = fc.sample(probes(), { numRuns: PROBES, seed: 20 });
    const denied = new Map<number, number>();

    const waiting = all.values();
    const lane = async () => {
      for (const probe of waiting) {
        const answer = await strangers[probe.stranger]!(probe.path, probe.sent);
        expectNothingOfOurs(probe, answer);
        denied.set(answer.status, (denied.get(answer.status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));

    expect(await snapshot()).toBe(before);
    expect([...denied.values()].reduce((sum, count) => sum + count, 0)).toBe(PROBES);
    expect([...denied.keys()].filter((status) => status >= 500)).toEqual([]);
    expect((denied.get(404) ?? 0) + (denied.get(403) ?? 0)).toBeGreaterThan(PROBES / 2);
  });

  it("are told the same about what is ours and what never was", async () => {
    for (const route of api.routes.filter(({ rule }) => ["organization", "store", "operation"].includes(rule.about))) {
      const [name = "", operation = ""] = [ours[3], ours[4]];
      const fill = (store: string, id: string, org: string) =>
        route.path.replace(":name", store).replace(":organization", org).replace(":id", id);
      const sent = { method: route.method.toUpperCase(), ...(route.method !== "get" && { body: {} }) };

      const [foreign, absent] = [
        await strangers[0]!(fill(name, operation, organization.name), sent),
        await strangers[0]!(fill("never-was", randomUUID(), "never-was"), sent),
      ];

      expect([route.path, foreign.status, foreign.text]).toEqual([route.path, 404, absent.text]);
    }
  });
});
