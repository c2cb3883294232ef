import { describe, expect, it } from "vitest";
import { objectRules } from "../../../infra/policy-pack/object-rules.ts";
import { stackRules } from "../../../infra/policy-pack/stack-rules.ts";
import { engines } from "../../../stores/engines/registry.ts";
import { PLANS } from "../../../stores/spec.ts";
import { type ProgramRun, runPlatformProgram, runStoreProgram } from "../../helpers/store-program.ts";

/** What the pack would refuse of a program's stack. */
function violationsOf({ resources }: ProgramRun): string[] {
  const declared = resources.map(({ type, name, plain }) => ({ type, name, props: plain }));
  const ofObjects = Object.entries(objectRules).flatMap(([rule, { violations }]) =>
    declared.flatMap((each) => violations(each).map((said) => `${rule}: ${each.name}: ${said}`)),
  );
  const ofStack = Object.entries(stackRules).flatMap(([rule, { violations }]) =>
    violations(declared).map((said) => `${rule}: ${said}`),
  );
  return [...ofObjects, ...ofStack];
}

describe("our own programs keep to every rule", () => {
  const kinds = Object.keys(engines).flatMap((engine) => PLANS.map((plan) => [engine, plan] as const));

  it.each(kinds)("a %s store of the plan %s", async (engine, plan) => {
    const run = await runStoreProgram("demo", { engine, plan });

    expect(run.resources.length).toBeGreaterThan(8);
    expect(violationsOf(run)).toEqual([]);
  });

  it("the platform on one node", async () => {
    const image = (name: string) => `localhost/storefleet/${name}:0123456789ab`;
    const config = { apiImage: image("api"), workerImage: image("worker"), databaseImage: image("postgres") };

    const run = await runPlatformProgram("local", config);

    expect(run.resources.length).toBeGreaterThan(20);
    expect(violationsOf(run)).toEqual([]);
  });

  it.each<Record<string, string>>([
    {
      certificates: "self-signed",
      certManager: "install",
      ingressController: "traefik",
      storeCertificates: "wildcard",
    },
    { certificates: "letsencrypt", certManager: "install" },
    { certificates: "given", storeCertificates: "wildcard", tlsCertificate: "PEM", tlsKey: "PEM" },
    { gatewayClass: "traefik", certificates: "self-signed", storeCertificates: "wildcard" },
  ])("the platform with %j", async (settings) => {
    const image = (name: string) => `localhost/storefleet/${name}:0123456789ab`;
    const images = { apiImage: image("api"), workerImage: image("worker"), databaseImage: image("postgres") };
    const reached = { host: "fleet.example.com", baseDomain: "stores.example.com", ingressService: "traefik:443" };

    const run = await runPlatformProgram("secure", { ...images, ...reached, ...settings });

    expect(violationsOf(run)).toEqual([]);
  });

  it("the platform that somebody watches", async () => {
    const image = (name: string) => `registry.example.com/${name}:1.2.3`;
    const run = await runPlatformProgram("watched", {
      apiImage: image("api"),
      workerImage: image("worker"),
      databaseImage: image("postgres"),
      monitoring: "prometheus-operator",
      blackboxExporter: "blackbox-exporter.monitoring.svc:9115",
      dashboardLabel: "grafana_dashboard",
      lokiUrl: "http://loki.monitoring.svc:3100/loki/api/v1/push",
      alloyImage: image("alloy"),
    });

    expect(run.resources.filter(({ name }) => name === "logs").length).toBeGreaterThan(3);
    expect(violationsOf(run)).toEqual([]);
  });
});
