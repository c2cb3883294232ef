import { describe, expect, it } from "vitest";
import { PLANS, type Plan } from "../../../stores/spec.ts";
import { type ChartSettings, helm, render, valuesFor } from "../../helpers/engine-chart.ts";
import { named, names, ofKind, podOf, workloads } from "../../helpers/manifests.ts";

// What is special about Medusa's chart; charts.test.ts has the rest.

const chart = (plan: Plan, settings: ChartSettings = {}) => render("medusa", valuesFor("medusa", plan, settings));

describe.skipIf(helm === undefined).each(PLANS)("the Medusa chart with the plan %s", (plan) => {
  const manifests = chart(plan);

  it("has the workloads and services of the plan", () => {
    const worker = plan === "basic" ? [] : ["medusa-worker"];

    expect(names(workloads(manifests))).toEqual(["medusa", ...worker, "postgres", "redis", "storefront"]);
    expect(names(ofKind(manifests, "Service"))).toEqual(["medusa", "postgres", "redis", "storefront"]);
  });

  it("keeps replicas apart on premium", () => {
    const spread = workloads(manifests).filter((workload) => podOf(workload).topologySpreadConstraints !== undefined);

    expect(names(spread)).toEqual(plan === "premium" ? ["medusa", "medusa-worker", "storefront"] : []);
  });

  it("leaves background work to the worker where there is one", () => {
    expect(named(manifests, "ConfigMap", "store-settings")?.data?.BACKGROUND_WORK).toBe(String(plan === "basic"));
  });
});

describe.skipIf(helm === undefined)("the Medusa chart", () => {
  it.each([
    [
      "an unknown setting of a component",
      { origins: { storefront: "http://a", backend: "http://a", admin: "http://a" } },
    ],
    [
      "a size in other units",
      {
        sizes: {
          ...(valuesFor("medusa", "basic").sizes as object),
          redis: {
            replicas: 1,
            resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
          },
        },
      },
    ],
  ])("refuses %s", (_case, change) => {
    const values = { ...valuesFor("medusa", "basic"), ...change };
    expect(() => render("medusa", values)).toThrow("values don't meet the specifications");
  });

  it("sends Medusa's own paths to Medusa and everything else to the storefront", () => {
    const [rule] = named(chart("basic"), "Ingress", "store")?.spec.rules ?? [];

    expect(rule.host).toBe("shop1.localhost");
    const targets = rule.http.paths.map(
      ({ path, backend }: { path: string; backend: { service: { name: string } } }) => [path, backend.service.name],
    );
    expect(Object.fromEntries(targets)).toEqual({
      "/app": "medusa",
      "/admin": "medusa",
      "/auth": "medusa",
      "/store": "medusa",
      "/files": "medusa",
      "/hooks": "medusa",
      "/health": "medusa",
      "/": "storefront",
    });
  });
});
