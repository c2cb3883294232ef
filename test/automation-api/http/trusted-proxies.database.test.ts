import { afterEach, describe, expect, it } from "vitest";
import { type ApiUnderTest, type StartOptions, startApi } from "./api-under-test.ts";

// Where a request comes from is what the network says, or what a proxy says that is trusted.

const apis: ApiUnderTest[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.stop();
});

async function apiWith(trustedProxies: StartOptions["trustedProxies"]): Promise<ApiUnderTest> {
  const api = await startApi({ ...(trustedProxies !== undefined && { trustedProxies }) });
  apis.push(api);
  return api;
}

/** Address that the audit log names for somebody who sends this header. */
async function addressSeen(api: ApiUnderTest, forwarded: string): Promise<string> {
  const headers = { "x-forwarded-for": forwarded };
  await api.signedIn("/api/v1/organizations/main/invitations", { body: { role: "viewer" }, headers });
  return (await api.signedIn("/api/v1/audit?action=invite&limit=1")).json.items[0].address;
}

/** Statuses of more attempts to sign in than one address may make, each of which says it comes from elsewhere. */
async function attempts(api: ApiUnderTest): Promise<number[]> {
  const settings = (await api.signedIn("/api/v1/settings")).json;
  await api.signedIn("/api/v1/settings", { method: "PUT", body: { ...settings, signInsPerMinute: 5 } });
  const statuses: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    const headers = { "x-forwarded-for": `203.0.113.${index}` };
    statuses.push((await api.call("/api/v1/session", { body: { token: "wrong" }, headers })).status);
  }
  return statuses;
}

describe("X-Forwarded-For", () => {
  it("changes nothing as long as no proxy is trusted: not the audit log, and not the limits", async () => {
    const api = await apiWith(undefined);

    expect(await addressSeen(api, "203.0.113.7")).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
    expect((await attempts(api)).at(-1)).toBe(429);
  });

  it("says who asks when the proxy that adds it is trusted", async () => {
    const api = await apiWith(["127.0.0.1", "::1"]);

    // What stands before the last one that is not trusted was written by anybody.
    expect(await addressSeen(api, "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(new Set(await attempts(api))).toEqual(new Set([401]));
  });

  it("is believed for as many proxies as there are", async () => {
    expect(await addressSeen(await apiWith(1), "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(await addressSeen(await apiWith(2), "198.51.100.1, 203.0.113.7")).toBe("198.51.100.1");
  });

  it("from a machine that is not trusted is not believed", async () => {
    const api = await apiWith(["10.0.0.0/8"]);

    expect(await addressSeen(api, "203.0.113.7")).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
  });

  it("keeps measures from whoever comes through a proxy on this machine", async () => {
    const api = await apiWith(undefined);

    expect((await api.call("/metrics")).status).toBe(200);
    expect((await api.call("/metrics", { headers: { "x-forwarded-for": "203.0.113.7" } })).status).not.toBe(200);
  });
});
