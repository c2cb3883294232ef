import { createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, freshName } from "./api-under-test.ts";
import { clusterProbes } from "./cluster-probes.ts";
import { type OrganizationUnderTest, type PersonUnderTest, somebody } from "./people-under-test.ts";
import { type Probe, signInProbes } from "./sign-in-probes.ts";
import { webhookProbes } from "./webhook-probes.ts";

/** Things of one organization, made anew for every probe that uses them up. */
export interface Things {
  readonly organization: OrganizationUnderTest;
  readonly owner: PersonUnderTest;
  /** A store of it and the operation that creates it. */
  store(status?: "ready" | "failed"): Promise<{ name: string; operation: string }>;
}

export function thingsOf(api: ApiUnderTest, organization: OrganizationUnderTest, owner: PersonUnderTest): Things {
  const store: Things["store"] = async (status) => {
    const body = { name: freshName(), engine: "medusa" };
    const answer = await owner.call(`/api/v1/stores?organization=${organization.name}`, { body });
    if (answer.status !== 202) throw new Error(answer.text);
    const operation = String(answer.json.operation.id);
    const ended = status === "failed" ? "failed" : "succeeded";
    if (status !== undefined) {
      await finish(api.database.connection, operation, ended, { status, outputs: { url: "http://a.localhost" } });
    }
    return { name: body.name, operation };
  };
  return { organization, owner, store };
}

/** No limit that a test could reach. */
const most = {
  createsPerMinute: 100_000,
  operationsPerOrganization: 100_000,
  slotsPerOrganization: 100_000,
  changesPerMinute: 100_000,
  signInsPerMinute: 100_000,
  signInsPerPerson: 100_000,
  signUp: "invitation",
  plans: ["basic", "standard", "premium"],
  webhooksToPrivateAddresses: false,
};
const json = (body: unknown = {}) => ({ body });

/**
 * How each route is asked about the things of an organization, so that it succeeds for whoever may. `who` is the one who
 * asks.
 */
export function probesOf(api: ApiUnderTest): Readonly<Record<string, (things: Things) => Promise<Probe>>> {
  const v1 = "/api/v1";
  const store = async (t: Things) => `${v1}/stores/${(await t.store()).name}`;
  const of = ({ organization }: Things) => `?organization=${organization.name}`;
  const org = ({ organization }: Things) => `${v1}/organizations/${organization.name}`;
  const member = async ({ organization }: Things) =>
    (await somebody(api, { places: { [organization.id]: "viewer" } })).id;
  const invitation = async (things: Things) => {
    const made = await things.owner.call(`${org(things)}/invitations`, json({ role: "viewer" }));
    return { id: String(made.json.invitation.id), token: String(made.json.link).split("token=")[1] };
  };
  const key = async ({ owner }: Things) =>
    String((await owner.call(`${v1}/keys`, json({ name: "a key" }))).json.key.id);
  return {
    "POST /api/v1/session": async () => {
      const token = await createSignInToken(api.database.connection);
      return { path: `${v1}/session`, ...json({ token }), success: 200 };
    },
    ...signInProbes,
    "GET /api/v1/session": async () => ({ path: `${v1}/session`, success: 200 }),
    "GET /api/v1/platform": async () => ({ path: `${v1}/platform`, success: 200 }),
    "GET /api/v1/platform/findings": async () => ({ path: `${v1}/platform/findings`, success: 200 }),
    "GET /api/v1/platform/measures": async () => ({ path: `${v1}/platform/measures`, success: 200 }),
    "GET /api/v1/names/:name": async () => ({ path: `${v1}/names/free-name`, success: 200 }),
    "GET /api/v1/overview": async (t) => ({ path: `${v1}/overview?organization=${t.organization.name}`, success: 200 }),
    "GET /api/v1/stores": async (t) => ({ path: `${v1}/stores?organization=${t.organization.name}`, success: 200 }),
    "POST /api/v1/stores": async (t) => ({
      path: `${v1}/stores?organization=${t.organization.name}`,
      ...json({ name: freshName(), engine: "medusa" }),
      success: 202,
    }),
    "GET /api/v1/stores/:name": async (t) => ({ path: `${v1}/stores/${(await t.store()).name}`, success: 200 }),
    "DELETE /api/v1/stores/:name": async (t) => ({
      path: `${v1}/stores/${(await t.store("ready")).name}`,
      method: "DELETE",
      success: 202,
    }),
    "POST /api/v1/stores/:name/retry": async (t) => ({
      path: `${v1}/stores/${(await t.store("failed")).name}/retry`,
      ...json(),
      success: 202,
    }),
    "POST /api/v1/stores/:name/rotate": async (t) => ({
      path: `${v1}/stores/${(await t.store("ready")).name}/rotate`,
      ...json(),
      success: 202,
    }),
    "GET /api/v1/stores/:name/operations": async (t) => ({
      path: `${v1}/stores/${(await t.store()).name}/operations`,
      success: 200,
    }),
    "GET /api/v1/stores/:name/credentials": async (t) => ({
      path: `${v1}/stores/${(await t.store("ready")).name}/credentials`,
      success: 200,
    }),
    // It has no state; whoever may is told so.
    "GET /api/v1/stores/:name/export": async (t) => ({ path: `${await store(t)}/export`, success: 409 }),
    "GET /api/v1/operations": async (t) => ({ path: `${v1}/operations${of(t)}`, success: 200 }),
    "GET /api/v1/operations/:id": async (t) => ({
      path: `${v1}/operations/${(await t.store()).operation}`,
      success: 200,
    }),
    "GET /api/v1/operations/:id/events": async (t) => ({
      path: `${v1}/operations/${(await t.store("ready")).operation}/events`,
      headers: { accept: "text/event-stream" },
      success: 200,
    }),
    "POST /api/v1/operations/:id/cancel": async (t) => ({
      path: `${v1}/operations/${(await t.store()).operation}/cancel`,
      ...json(),
      success: 202,
    }),
    "GET /api/v1/organizations": async () => ({ path: `${v1}/organizations`, success: 200 }),
    "POST /api/v1/organizations": async () => ({
      path: `${v1}/organizations`,
      ...json({ name: freshName("new") }),
      success: 201,
    }),
    "GET /api/v1/organizations/:organization": async (t) => ({ path: org(t), success: 200 }),
    "PATCH /api/v1/organizations/:organization": async (t) => ({
      path: org(t),
      method: "PATCH",
      ...json({ displayName: "Other" }),
      success: 200,
    }),
    // It holds stores, so whoever may remove it is told that it cannot be.
    "DELETE /api/v1/organizations/:organization": async (t) => {
      await t.store();
      return { path: org(t), method: "DELETE", success: 409 };
    },
    "GET /api/v1/organizations/:organization/members": async (t) => ({ path: `${org(t)}/members`, success: 200 }),
    "GET /api/v1/organizations/:organization/members/:id": async (t) => ({
      path: `${org(t)}/members/${t.owner.id}`,
      success: 200,
    }),
    "PATCH /api/v1/organizations/:organization/members/:id": async (t) => ({
      path: `${org(t)}/members/${await member(t)}`,
      method: "PATCH",
      ...json({ role: "member" }),
      success: 200,
    }),
    "DELETE /api/v1/organizations/:organization/members/:id": async (t) => ({
      path: `${org(t)}/members/${await member(t)}`,
      method: "DELETE",
      success: 204,
    }),
    "GET /api/v1/organizations/:organization/invitations": async (t) => ({
      path: `${org(t)}/invitations`,
      success: 200,
    }),
    "POST /api/v1/organizations/:organization/invitations": async (t) => ({
      path: `${org(t)}/invitations`,
      ...json({ role: "viewer" }),
      success: 201,
    }),
    "GET /api/v1/organizations/:organization/invitations/:id": async (t) => ({
      path: `${org(t)}/invitations/${(await invitation(t)).id}`,
      success: 200,
    }),
    "DELETE /api/v1/organizations/:organization/invitations/:id": async (t) => ({
      path: `${org(t)}/invitations/${(await invitation(t)).id}`,
      method: "DELETE",
      success: 204,
    }),
    "POST /api/v1/invitations/accept": async (t) => ({
      path: `${v1}/invitations/accept`,
      ...json({ token: (await invitation(t)).token, name: "New" }),
      success: 200,
    }),
    "GET /api/v1/keys": async () => ({ path: `${v1}/keys`, success: 200 }),
    // Whoever belongs nowhere, or only elsewhere, cannot make a key for us; see the tests of keys.
    "POST /api/v1/keys": async () => ({ path: `${v1}/keys`, ...json({ name: "" }), success: 400 }),
    "GET /api/v1/keys/:id": async () => ({ path: `${v1}/keys/never-was`, success: 404 }),
    "DELETE /api/v1/keys/:id": async () => ({ path: `${v1}/keys/never-was`, method: "DELETE", success: 404 }),
    "GET /api/v1/organizations/:organization/keys": async (t) => ({ path: `${org(t)}/keys`, success: 200 }),
    "GET /api/v1/organizations/:organization/keys/:id": async (t) => ({
      path: `${org(t)}/keys/${await key(t)}`,
      success: 200,
    }),
    "DELETE /api/v1/organizations/:organization/keys/:id": async (t) => ({
      path: `${org(t)}/keys/${await key(t)}`,
      method: "DELETE",
      success: 204,
    }),
    ...clusterProbes(api),
    ...webhookProbes(),
    "GET /api/v1/sessions": async () => ({ path: `${v1}/sessions`, success: 200 }),
    "DELETE /api/v1/sessions": async () => ({ path: `${v1}/sessions`, method: "DELETE", success: 204 }),
    "DELETE /api/v1/sessions/:id": async () => ({ path: `${v1}/sessions/never-was`, method: "DELETE", success: 404 }),
    "GET /api/v1/audit": async (t) => ({ path: `${v1}/audit${of(t)}`, success: 200 }),
    "GET /api/v1/audit/export": async (t) => ({ path: `${v1}/audit/export${of(t)}`, success: 200 }),
    "GET /api/v1/audit/verification": async () => ({ path: `${v1}/audit/verification`, success: 200 }),
    "GET /api/v1/settings": async () => ({ path: `${v1}/settings`, success: 200 }),
    "PUT /api/v1/settings": async () => ({
      path: `${v1}/settings`,
      method: "PUT",
      ...json({ ...most, storesPerOrganization: 90_000 }),
      success: 200,
    }),
    "GET /api/v1/people": async () => ({ path: `${v1}/people`, success: 200 }),
    "POST /api/v1/people/:id/sign-in-link": async (t) => ({
      path: `${v1}/people/${t.owner.id}/sign-in-link`,
      ...json(),
      success: 201,
    }),
    // Last, because nobody is signed in after it.
    "DELETE /api/v1/session": async () => ({ path: `${v1}/session`, method: "DELETE", success: 204 }),
  };
}
