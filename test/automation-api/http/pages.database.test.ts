import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../../../automation-api/use-cases/sessions.ts";
import { type ApiUnderTest, freshName, givenStore, startApi } from "./api-under-test.ts";
import { somebody } from "./people-under-test.ts";

// Every list comes in pages, and they are all alike.

let api: ApiUnderTest;
const v1 = "/api/v1";
const main = `${v1}/organizations/main`;
let webhook: string;
const post = async (path: string, body: unknown = {}) => {
  const answer = await api.signedIn(path, { body });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
};

beforeAll(async () => {
  api = await startApi();
  const { pool } = api.database.connection;
  const { rows } = await pool.query("select id from organizations where name = 'main'");
  const { user } = (await api.signedIn(`${v1}/session`)).json;
  webhook = `${main}/webhooks/${(await post(`${main}/webhooks`, { url: "https://hooks.example.com/0" })).webhook.id}`;
  for (let count = 1; count <= 5; count += 1) {
    await somebody(api, { places: { [rows[0].id]: "viewer" } });
    await post(`${main}/invitations`, { role: "viewer" });
    await post(`${v1}/keys`, { name: `key ${count}`, organization: "main" });
    await post(`${main}/webhooks`, { url: `https://hooks.example.com/${count}` });
    await post(`${webhook}/test`);
    await givenStore(api);
    await beginSession(api.database.connection.database, user.id, "password", {
      address: undefined,
      agent: `browser ${count}`,
      correlationId: undefined,
    });
    await pool.query("insert into findings (kind, subject, text) values ('orphan-volume', $1, 'Left over.')", [
      `volume ${count}`,
    ]);
  }
  // Last: whoever has several says in which one something is made.
  for (let count = 1; count <= 5; count += 1) await post(`${v1}/organizations`, { name: freshName("org") });
});

afterAll(async () => {
  await api.stop();
});

const lists: Readonly<Record<string, () => string>> = {
  stores: () => `${v1}/stores`,
  operations: () => `${v1}/operations`,
  organizations: () => `${v1}/organizations`,
  people: () => `${v1}/people`,
  members: () => `${main}/members`,
  invitations: () => `${main}/invitations`,
  keys: () => `${v1}/keys`,
  "everybody's keys": () => `${main}/keys`,
  sessions: () => `${v1}/sessions`,
  findings: () => `${v1}/platform/findings`,
  webhooks: () => `${main}/webhooks`,
  deliveries: () => `${webhook}/deliveries`,
  "the audit log": () => `${v1}/audit`,
};
const idOf = (item: { id?: string; name: string }) => item.id ?? item.name;

describe("a list", () => {
  it.each(Object.keys(lists))("of %s comes in pages, each item exactly once", async (name) => {
    const path = lists[name]!();
    const whole = await api.signedIn(`${path}?limit=100`);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const { json } = await api.signedIn(`${path}?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...json.items.map(idOf));
      sizes.push(json.items.length);
      cursor = json.nextCursor;
    }

    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(sizes.slice(0, -1).every((size) => size === 2)).toBe(true);
    expect(seen).toEqual(whole.json.items.map(idOf));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each(Object.keys(lists))("of %s refuses a cursor of another list, and pages that are too long", async (name) => {
    const path = lists[name]!();
    const other = name === "stores" ? lists.operations!() : lists.stores!();
    const { nextCursor } = (await api.signedIn(`${other}?limit=1`)).json;

    const strange = await api.signedIn(`${path}?cursor=${nextCursor}`);
    const long = await api.signedIn(`${path}?limit=1000`);

    expect([strange.status, strange.json.errors[0].field]).toEqual([400, "cursor"]);
    expect([long.status, long.json.errors[0].field]).toEqual([400, "limit"]);
  });

  it("that is asked for by everybody is told as one page in the OpenAPI document", async () => {
    const document = (await api.call("/openapi.json")).json;
    const schemas = Object.entries<{ properties?: Record<string, unknown> }>(document.components.schemas);
    const unpaged = schemas.filter(([, { properties }]) => properties?.items && !properties.nextCursor);

    // Events have numbers, and are gone on with after the last one.
    expect(unpaged.map(([name]) => name)).toEqual(["ProgressEventList"]);
  });
});
