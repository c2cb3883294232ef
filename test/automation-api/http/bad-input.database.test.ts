import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemSchema } from "../../../automation-api/contract/problem.ts";
import { type Answer, type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";

// Whatever is sent, the answer is one of the contract: never a 500, and every problem is told as one.

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const runs = { numRuns: 150 };

/** Text with what breaks parsers: signs of their own, halves of characters, zero bytes, directions. */
const nastyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "\u0000",
    "\ud800",
    "\u202e",
    "'; drop table stores; --",
    "%00",
    "../..",
    "__proto__",
    "1e999",
    "NaN",
    "-0",
  ),
);

function expectNoFault(answer: Answer): void {
  expect(answer.status, answer.text).toBeLessThan(500);
  if (answer.status >= 400) {
    expect(problemSchema.safeParse(answer.json).success, answer.text).toBe(true);
    expect(answer.json.status).toBe(answer.status);
  }
}

describe("bad input is never a fault of ours", () => {
  it("in the body of a new store", async () => {
    const field = fc.oneof(nastyText, fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));
    const spec = fc.record(
      {
        name: fc.oneof(field, fc.constant("a-name")),
        engine: fc.oneof(fc.constant("medusa"), field),
        plan: field,
        displayName: field,
        currency: field,
        country: field,
        sampleData: field,
        adminEmail: field,
        domain: fc.oneof(field, fc.domain()),
        extra: field,
      },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: spec }, { weight: 1, arbitrary: fc.jsonValue() }),
        async (body) => {
          expectNoFault(await api.signedIn("/api/v1/stores", { method: "POST", body: JSON.stringify(body) ?? "" }));
        },
      ),
      runs,
    );
  });

  it("in a valid store with any display name", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(nastyText, async (displayName) => {
        count += 1;
        const body = { name: `fuzz-${count}`, engine: "medusa", displayName };
        const answer = await api.signedIn("/api/v1/stores", { body });
        expectNoFault(answer);
        expect([202, 400]).toContain(answer.status);
      }),
      runs,
    );
  });

  it("in bytes that are no JSON", async () => {
    await fc.assert(
      fc.asyncProperty(nastyText, async (body) => {
        expectNoFault(await api.signedIn("/api/v1/stores", { method: "POST", body }));
      }),
      runs,
    );
  });

  it.each(["%00", "%ff", "%F0%9F%98%80"])("in the path %s of every route", async (value) => {
    for (const route of api.routes.filter(({ path }) => path.includes(":"))) {
      const path = route.path.replace(/:\w+/, value);
      expectNoFault(await api.signedIn(path, { method: route.method.toUpperCase(), body: "{}" }));
    }
  });

  it("in the path of any route", async () => {
    const { name } = await givenStore(api);
    await fc.assert(
      fc.asyncProperty(fc.nat(api.routes.length - 1), nastyText, fc.boolean(), async (index, text, encode) => {
        const route = api.routes[index];
        if (route === undefined || route.path === "/api/v1/session") return;
        // Raw text may hold no sign that the client itself refuses to send.
        const raw = text.replaceAll(/[^\x21-\x7e]|[?#]/g, "");
        const value = encode ? encodeURIComponent(text.toWellFormed()) : raw;
        const path = route.path.replaceAll(/:\w+/g, () => value || name);
        expectNoFault(await api.signedIn(path, { method: route.method.toUpperCase(), body: "{}" }));
      }),
      runs,
    );
  });

  it("in the query of any route", async () => {
    const { name, operation } = await givenStore(api);
    const keys = fc.constantFrom("status", "engine", "plan", "search", "sort", "limit", "cursor", "after");
    const position = fc
      .record({ sort: nastyText, value: nastyText, id: fc.oneof(fc.uuid(), nastyText) })
      .map((cursor) => Buffer.from(JSON.stringify({ ...cursor, sort: "name" })).toString("base64url"));
    const value = fc.oneof(nastyText, position, fc.constantFrom("name", "ready", "1"));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          "/api/v1/stores",
          `/api/v1/stores/${name}/operations`,
          `/api/v1/operations/${operation}/events`,
        ),
        fc.array(fc.tuple(keys, value), { maxLength: 4 }),
        async (path, pairs) => {
          const query = new URLSearchParams(pairs.map(([key, text]): [string, string] => [key, text.toWellFormed()]));
          expectNoFault(await api.signedIn(`${path}?sort=name&${query}`));
        },
      ),
      runs,
    );
  });

  it("in headers", async () => {
    const { operation } = await givenStore(api);
    // What a client can send at all: visible Latin-1, spaces and tabs.
    const header = fc.string({ unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)) });
    const names = fc.constantFrom(
      "idempotency-key",
      "last-event-id",
      "cookie",
      "origin",
      "accept",
      "content-type",
      "accept-encoding",
      "content-encoding",
      "host",
      "if-none-match",
    );
    await fc.assert(
      fc.asyncProperty(names, header, fc.boolean(), async (name, text, reads) => {
        const value = text.replaceAll("\u007f", "");
        const sent = { headers: { accept: "application/json", [name]: value } };
        const path = reads ? `/api/v1/operations/${operation}/events` : "/api/v1/stores";
        const answer = await api.signedIn(path, reads ? sent : { ...sent, body: { name: "x" } });
        expectNoFault(answer);
      }),
      runs,
    );
  });
});
