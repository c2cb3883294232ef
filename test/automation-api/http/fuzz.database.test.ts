import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { problemSchema } from "../../../automation-api/contract/problem.ts";
import { problemStatuses } from "../../../automation-api/http/document.ts";
import type { Route } from "../../../automation-api/http/route.ts";
import { type Answer, type ApiUnderTest, givenStore, type Sent, startApi } from "./api-under-test.ts";

// Requests made up from the table of routes, some as they should be and some not: every answer is one that the route
// describes. schemathesis sends 100,000 in `npm run test:fuzz`.
const requests = Number(process.env.STOREFLEET_TEST_FUZZ ?? 1500);

let api: ApiUnderTest;
let known: { store: string; operation: string };
beforeAll(async () => {
  api = await startApi();
  const { name, operation } = await givenStore(api, { name: "known" });
  known = { store: name, operation };
});
afterAll(() => api.stop());

const signs = [
  "..",
  "{{ .Values }}",
  "$(id)",
  "a\nb",
  "\u0000",
  "😀",
  "x".repeat(63),
  "x".repeat(64),
  "%2e%2e",
  "null",
];
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom(...signs));
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
/** Values that fields of these names often have, so that requests get beyond the first check. */
const usual: Readonly<Record<string, unknown[]>> = {
  name: ["known", "fresh-1", "fresh-2"],
  engine: ["medusa", "woocommerce"],
  plan: ["basic", "huge"],
  role: ["viewer", "owner"],
  status: ["ready", "failed"],
  sort: ["name", "-createdAt"],
  order: ["asc", "desc"],
  limit: [1, 50, 1000],
  organization: ["main"],
  displayName: ["A name"],
  scopes: [["read"], ["write"]],
  events: [["store ready"]],
  url: ["https://example.com/hook"],
};
const fieldNames = Object.keys(usual);
const field = fc.constantFrom(...fieldNames, "domain", "currency", "cursor", "search", "extra");
const fields = fc
  .array(
    fc.tuple(field, value, fc.double({ min: 0, max: 1, noNaN: true })).map(([name, made, chance]) => {
      const choices = usual[name] ?? [];
      return [name, chance < 0.8 && choices.length > 0 ? choices[Math.floor(chance * 1000) % choices.length] : made];
    }),
    { maxLength: 6 },
  )
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);

/** Nobody signs out or changes what everybody may, or the rest would be refused. */
const left = ["delete /api/v1/session", "delete /api/v1/sessions", "put /api/v1/settings", "post /api/v1/session"];

const request = fc.record({
  at: fc.nat(),
  segment: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: text }),
  query: fields,
  body: fc.oneof({ weight: 5, arbitrary: fields }, { weight: 1, arbitrary: value }),
  headers: fc.constantFrom<Record<string, string>>({}, { "idempotency-key": "k-1" }, { "if-match": '"1"' }),
});

function pathOf(route: Route, segment: string | undefined): string {
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (segment !== undefined) return encodeURIComponent(segment.toWellFormed()) || "x";
    if (name === "organization") return "main";
    return route.path.includes("/operations/") ? known.operation : known.store;
  });
}

function expectDescribed(route: Route, { status, text: said, json, headers }: Answer): void {
  const at = `${route.method} ${route.path} → ${status} ${said.slice(0, 200)}`;
  if (status >= 400) {
    expect([...problemStatuses(route), ...Object.keys(route.answers).map(Number)], at).toContain(status);
    expect(status, at).toBeLessThan(500);
    if (String(headers["content-type"]).includes("problem"))
      expect(problemSchema.safeParse(json).success, at).toBe(true);
    return;
  }
  const described = route.answers[status];
  expect(described, at).toBeDefined();
  if (json !== undefined && described?.schema !== undefined) {
    expect(described.schema.safeParse(json).error, at).toBeUndefined();
  }
}

it(`answers ${requests} made-up requests as its routes describe, and none with a status of 500 or more`, async () => {
  const routes = api.routes.filter(({ method, path }) => !left.includes(`${method} ${path}`));
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ at, segment, query, body, headers }) => {
      const route = routes[at % routes.length];
      if (route === undefined) return;
      const search = new URLSearchParams();
      for (const [name, given] of Object.entries(query)) {
        search.append(name, String(JSON.stringify(given)).replaceAll(/^"|"$/g, ""));
      }
      const sent: Sent = {
        method: route.method.toUpperCase(),
        headers: { ...headers, "content-type": "application/json" },
        ...(route.method !== "get" && { body: JSON.stringify(body) }),
      };
      const answer = await api.signedIn(`${pathOf(route, segment)}?${search}`, sent);
      seen.add(answer.status);
      expectDescribed(route, answer);
    }),
    { numRuns: requests },
  );
  // Not everything was refused, and not everything let through.
  for (const status of [200, 202, 400, 404]) expect(seen).toContain(status);
}, 120_000);
