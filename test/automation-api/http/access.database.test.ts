import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../../automation-api/contract/people.ts";
import { accessTable, type Rule, type Standing } from "../../../automation-api/domain/access.ts";
import { probesOf, type Things, thingsOf } from "./access-probes.ts";
import { type Answer, type ApiUnderTest, startApi } from "./api-under-test.ts";
import { type OrganizationUnderTest, type PersonUnderTest, somebody, someOrganization } from "./people-under-test.ts";
import type { Probe } from "./sign-in-probes.ts";

// Every cell of the table of access, over real HTTP: who may, may; who may not is told so, or that there is nothing.

const everybody = [...ROLES, "administrator", "stranger", "nobody"] as const;
type Anybody = (typeof everybody)[number];

let api: ApiUnderTest;
let ours: Things;
let foreign: OrganizationUnderTest;

beforeAll(async () => {
  api = await startApi();
  api.fakes.readCredentials = async () => ({ adminUser: "a@example.com", adminPassword: "marker", keys: {} });
  const organization = await someOrganization(api);
  foreign = await someOrganization(api);
  ours = thingsOf(api, organization, await somebody(api, { places: { [organization.id]: "owner" } }));
});

afterAll(async () => {
  await api.stop();
});

/** Signed in anew each time: one of the requests signs out. */
function personOf(who: Exclude<Anybody, "nobody">): Promise<PersonUnderTest> {
  if (who === "administrator") return somebody(api, { administrator: true });
  if (who === "stranger") return somebody(api, { places: { [foreign.id]: "owner" } });
  return somebody(api, { places: { [ours.organization.id]: who } });
}

async function ask(who: Anybody, { path, ...sent }: Probe): Promise<Answer> {
  return who === "nobody" ? api.call(path, sent) : (await personOf(who)).call(path, sent);
}

/** The same request about things that were never there. */
function absent({ path, ...probe }: Probe): Probe {
  const elsewhere = path
    .replace(ours.organization.name, "never-was")
    .replace(/\/stores\/[a-z0-9-]+/, "/stores/never-was")
    .replace(/\/operations\/[a-f0-9-]+/, `/operations/${randomUUID()}`);
  return { ...probe, path: elsewhere };
}

function expected(rule: Rule, who: Anybody, success: number): number {
  if (rule.about === "anyone") return success;
  if (who === "nobody") return 401;
  if (rule.about === "self") return success;
  if (who !== "stranger" && rule.allowed.includes(who as Standing)) return success;
  return rule.about === "platform" || who !== "stranger" ? 403 : 404;
}

describe("the table of access", () => {
  it("knows every route, and no other", () => {
    const routes = api.routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

    expect(Object.keys(accessTable).sort()).toEqual(routes.sort());
    expect(Object.keys(probesOf(api)).sort()).toEqual(Object.keys(accessTable).sort());
  });

  describe.each(Object.entries(accessTable))("%s", (key, rule) => {
    it.each(everybody)("answers %s as the table says", async (who) => {
      const probe = await probesOf(api)[key]!(ours);
      // Everybody may come to this use case; it lets nobody take somebody else out who may not.
      const expelling = key === "DELETE /api/v1/organizations/:organization/members/:id";
      const table = expelling && (who === "viewer" || who === "member") ? 403 : expected(rule, who, probe.success);
      // A platform administrator who is no member has no organization in which to make something.
      const answer = await ask(who, probe);

      expect([who, answer.status, answer.text]).toEqual([who, table, answer.text]);
      if (table === 404) expect(answer.text).toBe((await ask(who, absent(probe))).text);
      if (table >= 400 && table !== probe.success) expect(answer.text).not.toContain("marker");
    });
  });
});
