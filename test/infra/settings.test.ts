import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../infra/settings.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string) => parse(readFileSync(join(root, file), "utf8"));
const project: { config: Record<string, { description: string; type: string; default?: unknown }> } =
  read("Pulumi.yaml");

const images = {
  apiImage: "localhost/storefleet/api:1",
  workerImage: "localhost/storefleet/worker:1",
  databaseImage: "localhost/storefleet/postgres:1",
};

describe("the platform's settings", () => {
  it("have the defaults that Pulumi.yaml tells", () => {
    const settings: Record<string, unknown> = parseSettings(images);
    const secrets = ["databaseUrl", "databasePassword", "passphrase", "signingKey", "tlsCertificate", "tlsKey"];
    const sealing = ["sealingKey", "nextSealingKey", "formerSealingKey"];
    const elsewhere = ["kubeconfig", "context", ...secrets, ...sealing, ...Object.keys(images)];
    const told = Object.entries(project.config).filter(([key]) => !elsewhere.includes(key));

    expect(Object.fromEntries(told.map(([key, { default: value }]) => [key, value]))).toEqual(
      Object.fromEntries(told.map(([key]) => [key, settings[key]])),
    );
    for (const key of Object.keys(settings)) expect(Object.keys(project.config)).toContain(key);
  });

  it("are each described", () => {
    for (const [key, { description, type }] of Object.entries(project.config)) {
      expect(description, key).toMatch(/^[A-Z].*[.]$/);
      expect(type, key).toMatch(/^(string|integer|object)$/);
    }
  });

  it.each(["local", "vps", "production"])("are usable as Pulumi.%s.yaml gives them", (stack) => {
    const { config } = read(`Pulumi.${stack}.yaml`) as { config: Record<string, unknown> };
    const given = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("platform:", ""), value]),
    );

    expect(() => parseSettings({ ...images, ...given })).not.toThrow();
    for (const key of Object.keys(given)) expect(Object.keys(project.config)).toContain(key);
  });

  it("name every mistake at once", () => {
    const bad = { ...images, apiImage: "api", database: "mysql", stateBackend: "ftp://x", apiReplicas: "0" };

    expect(() => parseSettings(bad)).toThrow(
      /no reference with a tag or digest for apiImage(.|\n)*database must be one of(.|\n)*stateBackend must be(.|\n)*at least one API pod/,
    );
  });

  const https = { ingressService: "traefik:443", baseDomain: "stores.example.com" };
  it.each([
    ["certificates are given, which cannot be one for each store", { certificates: "given" }],
    ["Let's Encrypt gives a wildcard only to", { certificates: "letsencrypt", storeCertificates: "wildcard" }],
    ["Let's Encrypt knows no localhost", { certificates: "letsencrypt-staging", baseDomain: "localhost" }],
    ["A Gateway serves the certificates that it lists", { certificates: "self-signed", gatewayClass: "traefik" }],
    ["ingressService has to name its port", { certificates: "self-signed", ingressService: "traefik:80" }],
    ["certificates must be one of", { certificates: "acme" }],
    ["two ports, for http and https", { gatewayPorts: "80" }],
    ["traefikChart is a folder", { traefikChart: "traefik" }],
    ["certificateEmail is the e-mail address", { certificateEmail: "nobody" }],
  ])("refuse that %s", (sentence, wrong) => {
    expect(() => parseSettings({ ...images, ...https, ...wrong })).toThrow(sentence);
    expect(() => parseSettings({ ...images, ...https, certificates: "self-signed" })).not.toThrow();
  });

  it("refuse a probe that nobody asks, and a half of what collects logs", () => {
    const lokiUrl = "http://loki.monitoring.svc:3100/loki/api/v1/push";
    const blackboxExporter = "blackbox-exporter.monitoring.svc:9115";

    expect(() => parseSettings({ ...images, blackboxExporter })).toThrow("monitoring is none");
    expect(() => parseSettings({ ...images, lokiUrl })).toThrow("lokiUrl and alloyImage belong together");
    expect(() => parseSettings({ ...images, lokiUrl: "loki:3100", alloyImage: "alloy:1" })).toThrow(
      "lokiUrl is an address",
    );
  });

  it("refuse a database of their own without an image for it", () => {
    expect(() => parseSettings({ ...images, databaseImage: "" })).toThrow("no databaseImage is named");
  });
});
