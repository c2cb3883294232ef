import { describe, expect, it } from "vitest";
import { readConfig, readSignInConfig } from "../../automation-api/config.ts";
import { completeEnvironment } from "./complete-environment.ts";

describe("readConfig", () => {
  it("has defaults for what need not be said", () => {
    const config = readConfig(completeEnvironment());

    expect(config).toMatchObject({
      role: "all",
      port: 8090,
      listen: "127.0.0.1",
      ingressAddress: undefined,
      publicOrigin: "http://localhost:8090",
      web: undefined,
      concurrency: 4,
      logLevel: "info",
      target: { baseDomain: "localhost", ingressPort: 8080 },
    });
    expect(config.pulumi.root).toBeUndefined();
  });

  it("hands Pulumi exactly its own variables", () => {
    const { pulumi } = readConfig(completeEnvironment({ PATH: "/bin", PULUMI_CONFIG_PASSPHRASE: "" }));

    expect(pulumi.environment).toEqual({
      PULUMI_BACKEND_URL: "file:///state/stacks",
      PULUMI_HOME: "/state/pulumi",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/state/passphrase",
      KUBECONFIG: "/state/kubeconfig",
      STOREFLEET_KUBE_CONTEXT: "storefleet",
    });
  });

  it("lets Pulumi inherit everything, as what clouds and proxies need cannot be known", () => {
    const { pulumi } = readConfig(completeEnvironment({ PATH: "/bin", AWS_PROFILE: "shops" }));

    expect(pulumi.inherited).toMatchObject({ PATH: "/bin", AWS_PROFILE: "shops" });
  });

  it("trusts no proxy, so many, or those that are named, and nothing else", () => {
    const trusted = (value?: string) =>
      readConfig(completeEnvironment({ STOREFLEET_TRUSTED_PROXIES: value })).trustedProxies;

    expect([trusted(), trusted("2"), trusted("10.0.0.1, fd00::/8")]).toEqual([undefined, 2, ["10.0.0.1", "fd00::/8"]]);
    for (const wrong of ["true", "0", "*", "10.0.0.0/33", "proxy.local"]) {
      expect(() => trusted(wrong)).toThrow("STOREFLEET_TRUSTED_PROXIES must be a number of proxies");
    }
  });

  it("names every variable that is missing or wrong, and shows no value", () => {
    const bad = completeEnvironment({
      DATABASE_URL: "mysql://root:hunter2@localhost",
      STOREFLEET_PORT: "70000",
      STOREFLEET_ROLE: "boss",
      STOREFLEET_CONCURRENCY: "many",
      STOREFLEET_PUBLIC_ORIGIN: "ftp://x",
      KUBECONFIG: "",
      STOREFLEET_TARGET: '{"ingressPort":-1}',
    });

    const problem = (() => {
      try {
        return readConfig(bad);
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    })();

    for (const name of Object.keys(bad).filter((key) => bad[key] !== completeEnvironment()[key])) {
      expect(problem).toContain(`  ${name} `);
    }
    expect(problem).toContain("The ingress port must be between 1 and 65535.");
    expect(problem).not.toContain("hunter2");
  });

  it("takes the origin without what does not belong to it", () => {
    const config = readConfig(completeEnvironment({ STOREFLEET_PUBLIC_ORIGIN: "https://fleet.example.com/some/path" }));

    expect(config.publicOrigin).toBe("https://fleet.example.com");
  });
});

describe("single sign-on", () => {
  const given = { STOREFLEET_OIDC_ISSUER: "https://id.example.com/realms/shops/", STOREFLEET_OIDC_CLIENT_ID: "fleet" };

  it("is there when an issuer and a client id are, and has a title", () => {
    expect(readConfig(completeEnvironment()).singleSignOn).toBeUndefined();
    expect(readConfig(completeEnvironment(given)).singleSignOn).toEqual({
      issuer: "https://id.example.com/realms/shops",
      clientId: "fleet",
      clientSecret: undefined,
      title: "Single sign-on",
    });
  });

  it.each([
    [{ STOREFLEET_OIDC_CLIENT_ID: undefined }, "STOREFLEET_OIDC_CLIENT_ID is not set"],
    [{ STOREFLEET_OIDC_ISSUER: undefined }, "STOREFLEET_OIDC_ISSUER is not set"],
    [{ STOREFLEET_OIDC_ISSUER: "http://id.example.com" }, "STOREFLEET_OIDC_ISSUER must begin with https://"],
  ])("says what is missing or wrong with %j", (changed, sentence) => {
    expect(() => readConfig(completeEnvironment({ ...given, ...changed }))).toThrow(sentence);
  });

  it("keeps its client secret from Pulumi's processes", () => {
    const config = readConfig(completeEnvironment({ ...given, STOREFLEET_OIDC_CLIENT_SECRET: "marker" }));

    expect(config.singleSignOn?.clientSecret).toBe("marker");
    expect(JSON.stringify(config.pulumi)).not.toContain("marker");
  });
});

describe("readSignInConfig", () => {
  it("needs the database alone", () => {
    expect(readSignInConfig({ DATABASE_URL: "postgres:///x", STOREFLEET_PORT: "9000" })).toEqual({
      databaseUrl: "postgres:///x",
      publicOrigin: "http://localhost:9000",
    });
  });
});
