import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { KubeconfigProblem, readGivenKubeconfig } from "../../../automation-api/cluster/given-kubeconfig.ts";

const pem = Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64");
const cluster = { server: "https://10.1.2.3:6443", "certificate-authority-data": pem };
const token = { token: "very-secret-token" };

function kubeconfig(parts: { cluster?: object; user?: object; more?: object } = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "eu", cluster: parts.cluster ?? cluster },
      { name: "other", cluster: { server: "https://other" } },
    ],
    users: [
      { name: "ann", user: parts.user ?? token },
      { name: "bob", user: { token: "token-of-bob" } },
    ],
    contexts: [
      { name: "prod", context: { cluster: "eu", user: "ann", namespace: "default" } },
      { name: "test", context: { cluster: "other", user: "bob" } },
    ],
    "current-context": "prod",
    ...parts.more,
  });
}
const read = (text: string, context?: string, mayBePlain = false) => readGivenKubeconfig(text, context, mayBePlain);

describe("a kubeconfig that is given to us", () => {
  it("is kept with one context, its cluster and its user, and nothing of others", () => {
    const given = read(kubeconfig());

    expect(given).toMatchObject({ context: "prod", server: "https://10.1.2.3:6443" });
    expect(parse(given.content)).toMatchObject({
      clusters: [{ cluster }],
      users: [{ user: token }],
      contexts: [{ name: "prod" }],
    });
    expect(given.content).not.toContain("token-of-bob");
  });

  it("is read by the context that is named", () => {
    expect(read(kubeconfig(), "test")).toMatchObject({ context: "test", server: "https://other" });
    expect(() => read(kubeconfig(), "nowhere")).toThrow('"prod", "test"');
  });

  it("may sign in by a certificate with its key", () => {
    const user = { "client-certificate-data": pem, "client-key-data": pem };

    expect(parse(read(kubeconfig({ user })).content).users[0].user).toEqual(user);
    expect(() => read(kubeconfig({ user: { "client-certificate-data": pem } }))).toThrow("neither a token nor");
  });

  it.each([
    ["begins a program", { user: { exec: { command: "touch", args: ["/tmp/owned"] } } }],
    ["begins a program", { user: { ...token, "auth-provider": { name: "gcp" } } }],
    ["names a file", { user: { tokenFile: "/etc/passwd" } }],
    ["names a file", { user: { "client-certificate": "/etc/passwd", "client-key": "/etc/passwd" } }],
    ["names a file", { cluster: { server: cluster.server, "certificate-authority": "/etc/passwd" } }],
    ["signs in by a password", { user: { username: "ann", password: "very-secret-token" } }],
    ["does not look who answers", { cluster: { ...cluster, "insecure-skip-tls-verify": true } }],
    ["goes through a proxy", { cluster: { ...cluster, "proxy-url": "http://10.0.0.1" } }],
    ['holds "as"', { user: { ...token, as: "system:admin" } }],
    ['holds "tls-server-name"', { cluster: { ...cluster, "tls-server-name": "other" } }],
    ["no usable client-key-data", { user: { ...token, "client-key-data": "not base64!" } }],
    ["no usable server", { cluster: { server: "nowhere" } }],
    ["no cluster for this context", { more: { clusters: [] } }],
    ["no user for this context", { more: { users: [] } }],
    ["reached by https", { cluster: { server: "http://10.1.2.3:6443" } }],
    ["reached by https", { cluster: { server: "file:///etc/passwd" } }],
    ["a name or a password", { cluster: { server: "https://ann:pw@10.1.2.3" } }],
  ])("is refused when it %s", (why, parts) => {
    expect(() => read(kubeconfig(parts))).toThrow(KubeconfigProblem);
    expect(() => read(kubeconfig(parts))).toThrow(why);
    expect(() => read(kubeconfig(parts))).not.toThrow("very-secret-token");
  });

  it("may be without TLS on this machine only, and only where that is allowed", () => {
    const here = kubeconfig({ cluster: { server: "http://127.0.0.1:6443" } });

    expect(read(here, undefined, true).server).toBe("http://127.0.0.1:6443");
    expect(() => read(here)).toThrow("https");
    expect(() => read(kubeconfig({ cluster: { server: "http://127.0.0.1.evil.example" } }), undefined, true)).toThrow();
  });

  it.each(["", "just text", "[1, 2]", "clusters: 3", "a: &a [1]\nclusters: [*a, *a]", "{", "clusters: [{name: 1}]"])(
    "is no kubeconfig when it is %j",
    (text) => {
      expect(() => read(text)).toThrow(KubeconfigProblem);
    },
  );
});
