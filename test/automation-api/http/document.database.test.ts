import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../automation-api/http/app.ts";
import { documentPath, problemStatuses } from "../../../automation-api/http/document.ts";
import { type ApiUnderTest, givenStore, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** What Express really answers to below /api. */
function registered(): string[] {
  const app = createApp({
    services: api.services,
    logger: pino({ level: "silent" }),
    web: undefined,
    stopping: new AbortController().signal,
    version: "0",
  });
  const layers = app.router.stack as unknown as readonly Layer[];
  return layers.flatMap(({ route }) =>
    route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${documentPath(route.path)}`),
  );
}

describe("the OpenAPI document", () => {
  it("has exactly the routes that Express has", async () => {
    const document = (await api.call("/openapi.json")).json;
    const documented = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );

    expect(documented.sort()).toEqual(registered().sort());
    expect(documented.length).toBeGreaterThanOrEqual(15);
  });

  it("says for each route what it takes, answers and refuses", async () => {
    const document = (await api.call("/openapi.json")).json;
    const create = document.paths["/api/v1/stores"].post;

    expect(document.openapi).toBe("3.1.0");
    expect(document.info.version).toBe("1.2.3");
    expect(create.requestBody.content["application/json"].schema.properties.name.type).toBe("string");
    expect(Object.keys(create.responses).sort()).toEqual(
      ["202", "400", "401", "403", "409", "404", "413", "415", "422", "429", "431", "503"].sort(),
    );
    expect(create.parameters).toMatchObject([
      { in: "query", name: "organization" },
      { in: "header", name: "Idempotency-Key" },
    ]);
    const events = document.paths["/api/v1/operations/{id}/events"].get;
    expect(Object.keys(events.responses["200"].content)).toEqual(["application/json", "text/event-stream"]);
    expect(events.responses["404"].content["application/problem+json"].schema.$ref).toContain("Problem");
  });

  it("gives every route a name and a summary of its own", async () => {
    const document = (await api.call("/openapi.json")).json;
    const operations = Object.values<Record<string, { operationId: string; summary: string }>>(document.paths).flatMap(
      (methods) => Object.values(methods),
    );

    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.every(({ summary }) => summary.length > 0)).toBe(true);
  });

  it("resolves every reference", async () => {
    const text = (await api.call("/openapi.json")).text;
    const document = JSON.parse(text);
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? "");

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
  });

  it("lists the answers that routes give", async () => {
    const { name, operation } = await givenStore(api);
    for (const route of api.routes.filter(({ method }) => method === "get")) {
      const path = route.path.replace(":name", name).replace(":id", operation);

      const { status } = await api.signedIn(path);

      expect([...Object.keys(route.answers).map(Number), ...problemStatuses(route)]).toContain(status);
      const schema = route.answers[status]?.schema;
      if (schema !== undefined) expect(schema.safeParse((await api.signedIn(path)).json).error).toBeUndefined();
    }
  });
});

describe("/docs", () => {
  it("shows the document with what is on this machine alone", async () => {
    const page = await api.call("/docs");
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? "");

    const answers = await Promise.all(addresses.map((address) => api.call(address)));

    expect(page.status).toBe(200);
    expect(addresses).toContain("/docs/swagger-ui-bundle.js");
    expect(answers.map(({ status }) => status)).toEqual(addresses.map(() => 200));
    expect(page.text + (await api.call("/docs/start.js")).text).not.toMatch(/https?:\/\//);
  });

  it("hands out no other file of the package", async () => {
    for (const name of ["package.json", "index.html", "..%2fpackage.json", "oauth2-redirect.html"]) {
      expect((await api.call(`/docs/${name}`)).status).toBe(404);
    }
  });
});

describe("the probes", () => {
  it("need no session, and no host name of ours", async () => {
    for (const path of ["/livez", "/readyz"]) {
      const answer = await api.call(path, { headers: { host: "10.1.2.3" } });

      expect([answer.status, answer.json.status]).toEqual([200, "ok"]);
    }
  });
});
