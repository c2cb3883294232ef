import { describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { PLANS, type Plan, parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import { type ChartSettings, helm, render, valuesFor } from "../../helpers/engine-chart.ts";
import {
  componentOf,
  containers,
  mainContainers,
  named,
  names,
  ofKind,
  podOf,
  secretKeys,
  workloads,
} from "../../helpers/manifests.ts";

// What is special about WooCommerce's chart; charts.test.ts has the rest.

const chart = (plan: Plan, settings: ChartSettings = {}) =>
  render("woocommerce", valuesFor("woocommerce", plan, settings));
const shared = { target: { sharedStorageClass: "files" } };
const runsWordPress = (workload: Parameters<typeof componentOf>[0]) =>
  ["wordpress", "cron"].includes(componentOf(workload));

describe.skipIf(helm === undefined).each(PLANS)("the WooCommerce chart with the plan %s", (plan) => {
  const manifests = chart(plan);

  it("has the workloads and services of the plan, an object cache on premium", () => {
    const redis = plan === "premium" ? ["redis"] : [];

    expect(names(workloads(manifests))).toEqual(["cron", "mariadb", ...redis, "wordpress"]);
    expect(names(ofKind(manifests, "Service"))).toEqual(["mariadb", ...redis, "wordpress"]);
  });

  it("tells every WordPress where its object cache is, and nobody where there is none", () => {
    for (const { env = [], ...container } of workloads(manifests).filter(runsWordPress).flatMap(containers)) {
      const host = env.find(({ name }) => name === "REDIS_HOST")?.value;
      expect(host).toBe(plan === "premium" ? "redis" : undefined);
      expect(secretKeys({ ...container, env }).includes("REDIS_PASSWORD")).toBe(plan === "premium");
    }
  });

  it("lets WordPress write to its uploads and to /tmp, and to nothing else", () => {
    const pods = workloads(manifests).filter(runsWordPress);

    expect(pods).toHaveLength(2);
    for (const { volumeMounts } of pods.flatMap(containers)) {
      expect(volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual([
        "/tmp",
        "/usr/src/wordpress/wp-content/uploads",
      ]);
    }
  });

  it("shows what is the owner's to the set-up alone", () => {
    for (const container of workloads(manifests).flatMap(mainContainers)) {
      expect(secretKeys(container), container.name).not.toContain("ADMIN_PASSWORD");
      expect(secretKeys(container), container.name).not.toContain("REST_SECRET");
    }
  });

  it("signs in every process with eight salts, which are the store's own", () => {
    const salts = ["AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"].flatMap((name) => [`${name}_KEY`, `${name}_SALT`]);
    const { entries } = engines.woocommerce.credentials;

    for (const salt of salts) expect(entries[salt]).toMatchObject({ kind: "password", length: 48 });
    for (const container of workloads(manifests).filter(runsWordPress).flatMap(containers)) {
      expect(secretKeys(container), container.name).toEqual(expect.arrayContaining(salts));
    }
  });

  it("runs one server where its volume cannot be shared, on one node with what needs it, too", () => {
    expect(named(manifests, "Deployment", "wordpress")?.spec.replicas).toBe(1);
    expect(ofKind(manifests, "PodDisruptionBudget")).toEqual([]);
    expect(ofKind(manifests, "HorizontalPodAutoscaler")).toEqual([]);
    for (const claim of ofKind(manifests, "PersistentVolumeClaim")) {
      expect(claim.spec.accessModes).toEqual(["ReadWriteOnce"]);
    }
    for (const workload of workloads(manifests).filter(runsWordPress)) {
      const [term] = podOf(workload).affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      expect(term).toMatchObject({
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { "app.kubernetes.io/component": "wordpress" } },
      });
    }
  });

  it("runs the servers of the plan on any nodes where the volume of uploads can be shared", () => {
    const able = chart(plan, shared);

    expect(named(able, "Deployment", "wordpress")?.spec.replicas).toBe(
      { basic: 1, standard: 2, premium: undefined }[plan],
    );
    const classes = ofKind(able, "PersistentVolumeClaim").map(({ metadata, spec }) => [
      metadata.name,
      spec.accessModes,
      spec.storageClassName,
    ]);
    expect(classes).toEqual([
      ["mariadb-data", ["ReadWriteOnce"], undefined],
      ["uploads", ["ReadWriteMany"], "files"],
    ]);
    for (const workload of workloads(able)) expect(podOf(workload).affinity).toBeUndefined();
  });

  it("says so when a cluster keeps it from running the servers of the plan", () => {
    const spec = parseSpec({ name: "shop1", engine: "woocommerce", plan });
    const notes = (target: object) => engines.woocommerce.notes?.(spec, parseTarget(target));

    expect(notes(shared.target)).toEqual([]);
    expect(notes({})).toEqual(
      plan === "basic" ? [] : [expect.stringContaining("Runs one server instead of 2: this cluster has no volumes")],
    );
  });
});

describe.skipIf(helm === undefined)("the WooCommerce chart", () => {
  it.each([
    [
      "a server without workers",
      { sizes: { ...(valuesFor("woocommerce", "basic").sizes as object), wordpress: { workers: 0 } } },
    ],
    ["an origin with a path", { origin: "http://shop1.localhost:8080/shop" }],
  ])("refuses %s", (_case, change) => {
    const values = { ...valuesFor("woocommerce", "basic"), ...change };
    expect(() => render("woocommerce", values)).toThrow("values don't meet the specifications");
  });

  it("gives larger plans more workers and more memory for them", () => {
    const sizes = PLANS.map((plan) => {
      const deployment = named(chart(plan), "Deployment", "wordpress");
      const [container] = deployment === undefined ? [] : mainContainers(deployment);
      const workers = container?.env?.find(({ name }) => name === "PHP_WORKERS")?.value;
      return [Number(workers), Number.parseInt(container?.resources.limits.memory ?? "", 10)] as const;
    });

    for (const [index, [workers, memory]] of sizes.entries()) {
      // A worker takes some 40 MB of its own beside the 250 that all of them share.
      expect(memory).toBeGreaterThanOrEqual(250 + workers * 40);
      const [fewer, less] = sizes[index - 1] ?? [0, 0];
      expect(workers).toBeGreaterThan(fewer);
      expect(memory).toBeGreaterThan(less);
    }
  });

  it("lets the object cache forget what was asked for longest ago when it is full", () => {
    const redis = named(chart("premium"), "Deployment", "redis");

    expect(redis && mainContainers(redis)[0]?.args).toEqual(["--maxmemory-policy", "allkeys-lru"]);
  });

  it("does background work every five minutes, not at the same minute in every store, and never twice at once", () => {
    const schedules = ["shop1", "shop2", "shop3", "bakery", "tea"].map((name) => {
      const cron = named(chart("basic", { spec: { name } }), "CronJob", "cron");
      expect(cron?.spec.concurrencyPolicy).toBe("Forbid");
      return cron?.spec.schedule;
    });

    for (const schedule of schedules) expect(schedule).toMatch(/^[0-4]-59\/5 \* \* \* \*$/);
    expect(new Set(schedules).size).toBeGreaterThan(1);
  });

  it("asks for its own page under its own name, which WordPress answers without a detour", () => {
    const probe = (target: object) => {
      const deployment = named(chart("basic", { target }), "Deployment", "wordpress");
      return deployment === undefined ? undefined : mainContainers(deployment)[0]?.startupProbe?.httpGet?.httpHeaders;
    };

    expect(probe({})).toEqual([{ name: "Host", value: "shop1.localhost:8080" }]);
    expect(probe({ tlsSecret: "shop1-tls", ingressPort: 443 })).toEqual([
      { name: "Host", value: "shop1.localhost" },
      { name: "X-Forwarded-Proto", value: "https" },
    ]);
  });
});
