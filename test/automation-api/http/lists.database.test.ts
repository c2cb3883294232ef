import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventListSchema, operationListSchema } from "../../../automation-api/contract/operation.ts";
import { PROBLEM_TYPES } from "../../../automation-api/contract/problem-types.ts";
import { finish } from "../../helpers/play-worker.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";
import { somebody } from "./people-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const v1 = "/api/v1";
const operations = async (query: string) => {
  const answer = await api.signedIn(`${v1}/operations?${query}`);
  return operationListSchema.parse(answer.json);
};

describe("operations of all stores", () => {
  it("come in pages, newest or oldest first, each exactly once", async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await givenStore(api)).operation);

    const seen: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page = await operations(`limit=2&sort=queuedAt${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const newest = await operations("limit=5");

    expect(seen).toEqual(made);
    expect(newest.items.map(({ id }) => id)).toEqual(made.toReversed());
  });

  it("are filtered by status and kind, and a cursor of another order is refused", async () => {
    const { operation, name } = await givenStore(api);
    await finish(api.database.connection, operation, "succeeded", { status: "ready" });
    await api.signedIn(`${v1}/stores/${name}`, { method: "DELETE" });
    const { nextCursor } = await operations("limit=1");

    const done = await operations("status=succeeded,failed");
    const deletions = await operations("kind=delete");
    const strange = await api.signedIn(`${v1}/operations?sort=queuedAt&cursor=${nextCursor}`);
    const wrong = await api.signedIn(`${v1}/operations?status=running,resting`);

    expect(done.items.map(({ id }) => id)).toEqual([operation]);
    expect(deletions.items.map(({ store, kind }) => [store, kind])).toEqual([[name, "delete"]]);
    expect([strange.status, strange.json.errors[0].field]).toEqual([400, "cursor"]);
    expect([wrong.status, wrong.json.errors[0].field]).toEqual([400, "status.1"]);
  });

  it("are one's own organizations' only", async () => {
    const stranger = await somebody(api);
    await givenStore(api);

    expect((await stranger.call(`${v1}/operations`)).json).toEqual({ items: [] });
  });
});

describe("events", () => {
  it("are filtered, and leave out how far the operation was when that is not wanted", async () => {
    const { operation } = await givenStore(api);
    await finish(api.database.connection, operation, "failed", { status: "failed" });
    const events = async (query: string) => {
      const answer = await api.signedIn(`${v1}/operations/${operation}/events?${query}`);
      return eventListSchema.parse(answer.json).items;
    };

    const all = await events("");
    const sparse = await events("sparse=true");
    const bad = await events("severity=error,warning");
    const stream = await api.signedIn(`${v1}/operations/${operation}/events?sparse=true&kind=status`, {
      headers: { accept: "text/event-stream" },
    });

    expect(all.every(({ progress }) => progress !== undefined)).toBe(true);
    expect(sparse.map(({ text }) => text)).toEqual(all.map(({ text }) => text));
    expect(sparse.some(({ progress }) => progress !== undefined)).toBe(false);
    expect(bad.every(({ severity }) => severity !== "info")).toBe(true);
    expect(stream.text).toContain('"kind":"status"');
    expect(stream.text).not.toContain('"progress":');
  });
});

describe("the audit log", () => {
  it("is filtered by who, what, to what, how it ended, when, and by request", async () => {
    const { json } = await api.signedIn(`${v1}/stores`, {
      body: { name: "audited", engine: "medusa" },
      headers: { "x-request-id": "audited-request" },
    });
    const found = async (query: string) =>
      (await api.signedIn(`${v1}/audit?${query}`)).json.items.map(({ action }: { action: string }) => action);

    expect(json.store.name).toBe("audited");
    expect(await found("subject=audited&outcome=done")).toEqual(["create store"]);
    expect(await found("correlationId=audited-request")).toEqual(["create store"]);
    expect(await found("action=create+store&subject=audited&from=2999-01-01T00:00:00Z")).toEqual([]);
    expect(await found("actor=nobody")).toEqual([]);
    expect((await api.signedIn(`${v1}/audit?until=yesterday`)).json.errors[0].field).toBe("until");
  });
});

describe("answers", () => {
  it("name every kind of problem by an address that explains it", async () => {
    const missing = await api.signedIn(`${v1}/stores/never-was`);
    const nobody = await api.call(`${v1}/stores`);
    const explained = await api.call(missing.json.type);

    expect([missing.json.type, nobody.json.type]).toEqual(["/problems/not-found", "/problems/not-signed-in"]);
    expect(explained.json.detail).toBe(PROBLEM_TYPES["not-found"]);
    expect((await api.call("/problems/never-was")).status).toBe(404);
  });

  it("let no page of another origin read them, and tell browsers to be strict", async () => {
    const answer = await api.signedIn(`${v1}/stores`, { headers: { origin: "https://evil.example" } });
    const preflight = await api.call(`${v1}/stores`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });

    for (const { headers } of [answer, preflight]) {
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["permissions-policy"]).toContain("camera=()");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });
});
