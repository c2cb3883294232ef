import { describe, expect, it } from "vitest";
import {
  maxUnavailable,
  releaseRule,
} from "../../../../../toolchain/offline-engine/providers/helm/release-readiness.ts";
import { KubernetesClient } from "../../../../../toolchain/offline-engine/providers/kubernetes/client.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";
import { FakeApiServer } from "../fake-api-server.ts";

/** The rules tested here look at the object alone, so nothing is ever asked of it. */
const nobody = new KubernetesClient({ server: "http://127.0.0.1:1", options: async () => ({}) });

function isReady(apiVersion: string, kind: string, object: Properties, waitForJobs = false) {
  return releaseRule({ apiVersion, kind }, waitForJobs)?.(object, nobody);
}

function rolling(replicas: number, maxSurge: number | string, unavailable: number | string): Properties {
  return { spec: { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable: unavailable } } } };
}

describe("an object of a release", () => {
  it.each<[number, number | string, number | string, number]>([
    [1, "25%", "25%", 0],
    [4, "25%", "25%", 1],
    [3, 0, 0, 1],
    [2, 1, 5, 2],
    [0, "25%", "25%", 0],
  ])(
    "may lack pods while it rolls out: %i replicas, surge %s, unavailable %s → %i",
    (replicas, surge, missing, may) => {
      expect(maxUnavailable(rolling(replicas, surge, missing))).toBe(may);
    },
  );

  it("is a Deployment with all its new pods", async () => {
    const deployment = {
      metadata: { generation: 1 },
      ...rolling(2, "25%", "25%"),
      status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2 },
    };

    expect(await isReady("apps/v1", "Deployment", deployment)).toBe(true);
    expect(await isReady("apps/v1", "Deployment", { ...deployment, metadata: { generation: 2 } })).toBe(false);
  });

  it("is a StatefulSet that rolled out, or one that is not rolled at all", async () => {
    const status = {
      observedGeneration: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      currentRevision: "a",
      updateRevision: "a",
    };
    const set = (type: string, more: Properties = {}) => ({
      metadata: { generation: 1 },
      spec: { replicas: 1, updateStrategy: { type } },
      status: { ...status, ...more },
    });

    expect(await isReady("apps/v1", "StatefulSet", set("RollingUpdate"))).toBe(true);
    expect(await isReady("apps/v1", "StatefulSet", set("RollingUpdate", { readyReplicas: 0 }))).toBe(false);
    expect(await isReady("apps/v1", "StatefulSet", set("RollingUpdate", { updateRevision: "b" }))).toBe(false);
    expect(await isReady("apps/v1", "StatefulSet", set("OnDelete", { readyReplicas: 0 }))).toBe(true);
  });

  it("is a Service with an address", async () => {
    const balancer = { spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } };

    expect(await isReady("v1", "Service", { spec: { clusterIP: "10.0.0.1" } })).toBe(true);
    expect(await isReady("v1", "Service", { spec: { type: "ExternalName" } })).toBe(true);
    expect(await isReady("v1", "Service", balancer)).toBe(false);
    expect(
      await isReady("v1", "Service", { ...balancer, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }),
    ).toBe(true);
  });

  it("is a Job only where the release waits for jobs, and then a failed one is an error", async () => {
    const job = (status: Properties) => ({
      metadata: { name: "setup", namespace: "shop" },
      spec: { completions: 1, backoffLimit: 0 },
      status,
    });

    expect(releaseRule({ apiVersion: "batch/v1", kind: "Job" }, false)).toBeUndefined();
    expect(await isReady("batch/v1", "Job", job({ succeeded: 1 }), true)).toBe(true);
    expect(await isReady("batch/v1", "Job", job({}), true)).toBe(false);
    expect(() => isReady("batch/v1", "Job", job({ failed: 1 }), true)).toThrow("job is failed: shop/setup");
  });

  it("of any other kind is ready once it exists", () => {
    expect(releaseRule({ apiVersion: "v1", kind: "ConfigMap" }, true)).toBeUndefined();
  });
});

describe("a Deployment whose pods and number change at once", () => {
  it("waits for pods of the new template, although its revision is still the old one", async () => {
    const server = await FakeApiServer.start();
    const client = new KubernetesClient({ server: server.address, options: async () => ({}) });
    const sets = "/apis/apps/v1/namespaces/demo/replicasets";
    const template = (image: string, labels: Properties = {}) => ({
      metadata: { labels: { app: "web", ...labels } },
      spec: { image },
    });
    const owned = { namespace: "demo", ownerReferences: [{ uid: "1" }], generation: 1 };
    const set = (name: string, image: string, readyReplicas: number) => ({
      metadata: { name, ...owned },
      spec: { template: template(image, { "pod-template-hash": name }) },
      status: { observedGeneration: 1, readyReplicas },
    });
    const deployment = {
      metadata: { name: "web", namespace: "demo", uid: "1", generation: 2 },
      spec: { replicas: 1, template: template("new") },
      status: { observedGeneration: 2, replicas: 2, updatedReplicas: 0, readyReplicas: 2 },
    };
    const rule = releaseRule({ apiVersion: "apps/v1", kind: "Deployment" }, false);

    server.put(`${sets}/old`, set("old", "old", 2));
    const before = await rule?.(deployment, client);
    server.put(`${sets}/new`, set("new", "new", 1));
    const after = await rule?.(deployment, client);
    await server.stop();

    expect([before, after]).toEqual([false, true]);
  });
});
