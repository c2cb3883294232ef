import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionSchema } from "../../../automation-api/contract/platform.ts";
import { problemSchema } from "../../../automation-api/contract/problem.ts";
import { createSignInLink } from "../../../automation-api/sign-in-link.ts";
import { createSignInToken } from "../../../automation-api/use-cases/sessions.ts";
import { type ApiUnderTest, freshName, startApi, testConfig } from "./api-under-test.ts";

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(async () => {
  await api.stop();
});

const stores = "/api/v1/stores";
const wanted = () => ({ name: freshName(), engine: "medusa" });
const signIn = (token: unknown) => api.call("/api/v1/session", { body: { token } });

describe("sessions", () => {
  it("begin with the link's token, are kept in a cookie that scripts cannot read, and end", async () => {
    const link = await createSignInLink(api.database.connection, "http://localhost:8090");
    const token = /^http:\/\/localhost:8090\/sign-in#token=([\w-]{43})$/.exec(link)?.[1];

    const answer = await signIn(token);
    const cookie = String(answer.headers["set-cookie"]?.[0]);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    const before = await api.call("/api/v1/session", { headers });
    const ended = await api.call("/api/v1/session", { method: "DELETE", headers });
    const after = await api.call("/api/v1/session", { headers });

    expect(answer.status).toBe(200);
    expect(cookie).toMatch(/^storefleet_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(sessionSchema.parse(before.json)).toEqual(answer.json);
    expect([ended.status, after.status]).toEqual([204, 401]);
    expect(ended.headers["set-cookie"]?.[0]).toContain("Max-Age=0");
  });

  it("let exactly one of two in that use a token at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const token = await createSignInToken(api.database.connection);

      const answers = await Promise.all([signIn(token), signIn(token), signIn(token)]);

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    }
  });

  it("keep only hashes in the database and nothing in the log", async () => {
    const token = await createSignInToken(api.database.connection);
    const secret = /=([\w-]+);/.exec(String((await signIn(token)).headers["set-cookie"]?.[0]))?.[1] ?? "";
    const rows = await api.database.connection.pool.query("select * from sessions, sign_in_tokens");

    const kept = JSON.stringify(rows.rows) + api.log.join("");

    expect(secret).toHaveLength(43);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(token);
  });

  it("do not begin with a token that is too old, and are over when their time is", async () => {
    const token = await createSignInToken(api.database.connection);
    await api.database.connection.pool.query("update sign_in_tokens set expires_at = now() where used_at is null");
    const late = await signIn(token);
    const fresh = await signIn(await createSignInToken(api.database.connection));
    const headers = { cookie: String(fresh.headers["set-cookie"]?.[0]).split(";")[0] ?? "" };
    await api.database.connection.pool.query(
      "update sessions set expires_at = now() where created_at = (select max(created_at) from sessions)",
    );

    expect(late.status).toBe(401);
    expect((await api.call("/api/v1/session", { headers })).status).toBe(401);
  });

  it.each([undefined, "", 7, "x".repeat(201), { a: 1 }])("refuse %j as a token: 400 with the field", async (token) => {
    const answer = await signIn(token);

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe("token");
  });

  it("are needed for every route but those that begin them", async () => {
    for (const route of api.routes) {
      const path = route.path.replaceAll(/:\w+/g, "x");
      const answer = await api.call(path, { method: route.method.toUpperCase(), body: "{}" });

      const isOpen = route.rule.about === "anyone";
      expect([path, answer.status === 401], answer.text).toEqual([path, !isOpen]);
      if (answer.status >= 400) expect(problemSchema.safeParse(answer.json).success).toBe(true);
      else expect(route.answers[answer.status], path).toBeDefined();
    }
  });

  it.each(["storefleet_session=", "storefleet_session=x", "a=b; ;=;storefleet_session", "x".repeat(4000)])(
    "are not made by the cookie %s",
    async (cookie) => {
      expect((await api.call(stores, { headers: { cookie } })).status).toBe(401);
    },
  );
});

describe("requests that change something", () => {
  it.each(["http://evil.example", "http://localhost:3000", "null", "http://demo.localhost:8080"])(
    "are refused from a page of %s: 403",
    async (origin) => {
      expect((await api.signedIn(stores, { body: wanted(), headers: { origin } })).status).toBe(403);
    },
  );

  it("are taken from our own pages, and from programs", async () => {
    const own = [api.origin, testConfig.publicOrigin].map((origin) =>
      api.signedIn(stores, { body: wanted(), headers: { origin } }),
    );

    expect((await Promise.all(own)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await api.signedIn(stores, { body: wanted() })).status).toBe(202);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "are refused as %s: 415",
    async (type) => {
      const answer = await api.signedIn(stores, { body: JSON.stringify(wanted()), headers: { "content-type": type } });

      expect(answer.status).toBe(415);
    },
  );

  it("are JSON even when they carry nothing: 415 without", async () => {
    const { json } = await api.signedIn(stores, { body: wanted() });

    const answer = await api.signedIn(`/api/v1/operations/${json.operation.id}/cancel`, { method: "POST" });

    expect(answer.status).toBe(415);
  });

  it("are refused when they are too large, 413, before they are read", async () => {
    const answer = await api.signedIn(stores, { body: { ...wanted(), displayName: "x".repeat(70_000) } });

    expect(answer.status).toBe(413);
    expect(answer.json.detail).toContain("64 kB");
  });

  it("are refused as a problem when their address and headers are too large, 431, or no HTTP at all, 400", async () => {
    const large = await api.signedIn(`${stores}?search=${"x".repeat(17_000)}`);
    const nonsense = await new Promise<string>((resolve, reject) => {
      const socket = connect(api.port, "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"));
      let said = "";
      socket.on("data", (chunk) => {
        said += String(chunk);
      });
      socket.on("end", () => resolve(said));
      socket.on("error", reject);
    });

    expect([large.status, large.json.type]).toEqual([431, "/problems/headers-too-large"]);
    expect(nonsense).toContain("HTTP/1.1 400 Bad Request");
    expect(JSON.parse(nonsense.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status: 400, type: "/problems/invalid" });
  });

  it.each(["{", "nonsense", "null", '"text"', "7", "[1]", '{"name":'])("with the body %s are 400", async (body) => {
    const answer = await api.signedIn(stores, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].field).toBe("body");
  });
});

describe("the host name", () => {
  it.each(["evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "demo.localhost:8080", "%"])(
    "%s is not answered to: 403",
    async (host) => {
      expect((await api.signedIn("/api/v1/overview", { headers: { host } })).status).toBe(403);
    },
  );

  it.each(["localhost", "localhost:8090", "127.0.0.1:1", "[::1]:8090", "LOCALHOST"])("%s is", async (host) => {
    expect((await api.signedIn("/api/v1/overview", { headers: { host } })).status).toBe(200);
  });
});

describe("addresses", () => {
  it("that lead nowhere are problems: 404", async () => {
    for (const path of ["/api", "/api/v1/", "/api/v1/nothing", "/api/v2/stores", "/nothing"]) {
      const answer = await api.signedIn(path);

      expect([path, answer.status, answer.headers["content-type"]]).toEqual([
        path,
        404,
        "application/problem+json; charset=utf-8",
      ]);
    }
  });

  it("that cannot be read are 400", async () => {
    expect((await api.signedIn("/api/v1/stores/%E0%A4%A")).status).toBe(400);
  });
});

describe("headers", () => {
  it("tell browsers to run only what is ours, and nobody what we are made of", async () => {
    const { headers } = await api.call("/docs");

    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["strict-transport-security"]).toBeUndefined();
    expect(headers["x-request-id"]).toMatch(/^[\da-f-]{36}$/);
  });

  it("say that answers are not to be kept", async () => {
    expect((await api.signedIn("/api/v1/overview")).headers["cache-control"]).toBe("private, no-cache");
  });
});

describe("the log", () => {
  it("has a line for each answer without headers, queries or bodies", async () => {
    await api.signedIn("/api/v1/stores?search=private-matter", {});

    const line = api.log.map((text) => JSON.parse(text)).findLast(({ req }) => req?.path === "/api/v1/stores");

    expect(line).toMatchObject({ req: { method: "GET", path: "/api/v1/stores" }, res: { status: 200 } });
    expect(api.log.join("")).not.toMatch(/private-matter|storefleet_session/);
  });
});
