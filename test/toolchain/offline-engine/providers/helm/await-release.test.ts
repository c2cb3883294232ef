import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaitRelease } from "../../../../../toolchain/offline-engine/providers/helm/await-release.ts";
import { KubernetesClient } from "../../../../../toolchain/offline-engine/providers/kubernetes/client.ts";
import { FakeApiServer } from "../fake-api-server.ts";

const path = "/apis/apps/v1/namespaces/demo/deployments";
const deployment = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "demo" },
  spec: { selector: { matchLabels: { app: name } }, template: { spec: {} } },
});
const ready = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 };

describe("waiting for a release", () => {
  let server: FakeApiServer;
  let told: string[];
  beforeEach(async () => {
    server = await FakeApiServer.start();
    told = [];
    for (const name of ["first", "second"]) server.put(`${path}/${name}`, deployment(name));
  });
  afterEach(() => server.stop());

  function wait(timeoutSeconds: number, signal = new AbortController().signal) {
    const log = (_severity: string, message: string) => void told.push(message);
    const objects = [deployment("first"), deployment("second"), { apiVersion: "v1", kind: "ConfigMap" }];
    const chart = { name: "tiny", version: "0.1.0", appVersion: "1" };
    const record = {
      name: "app",
      namespace: "demo",
      revision: 1,
      status: "deployed",
      chart,
      values: {},
      objects,
      secret: {},
    };
    const client = new KubernetesClient({ server: server.address, options: async () => ({}) });
    const call = { urn: "u", type: "t", name: "n", signal, log };
    return awaitRelease(call, client, record, { timeoutSeconds, waitForJobs: false });
  }

  it("ends when the last object is ready, and tells how far it is", async () => {
    const waiting = wait(30);
    await expect.poll(() => server.requests.filter((request) => request.includes("watch=true"))).toHaveLength(2);

    server.put(`${path}/second`, { ...deployment("second"), status: ready });
    await expect.poll(() => told).toContain("Waiting for Deployment first");
    server.put(`${path}/first`, { ...deployment("first"), status: ready });
    await waiting;

    expect(told).toEqual(["Waiting for Deployment first, Deployment second", "Waiting for Deployment first"]);
  });

  it("ends with one failure when time is up for all", async () => {
    await expect(wait(0.3)).rejects.toThrow("context deadline exceeded");
  });

  it("tells what keeps the pods of what is not ready", async () => {
    const waiting = { waiting: { reason: "ImagePullBackOff", message: "no such image" } };
    const status = { containerStatuses: [{ name: "main", ready: false, state: waiting }] };
    server.put("/api/v1/namespaces/demo/pods/first-1", { metadata: { name: "first-1", namespace: "demo" }, status });

    await expect(wait(0.3)).rejects.toThrow();

    expect(told).toContain("[Pod demo/first-1]: [ImagePullBackOff] no such image");
  });

  it("ends early when it is in vain, and tells of nothing else", async () => {
    const pod = (name: string, reason: string) => {
      const state = { waiting: { reason, message: "says the kubelet" } };
      const metadata = { name, namespace: "demo", ownerReferences: [{ uid: "set" }] };
      const status = { containerStatuses: [{ name: "main", ready: false, state }] };
      server.put(`/api/v1/namespaces/demo/pods/${name}`, { metadata, status });
    };
    const ownerReferences = [{ uid: `${path}/first` }];
    server.put("/apis/apps/v1/namespaces/demo/replicasets/first-1", {
      metadata: { name: "first-1", uid: "set", ownerReferences },
      spec: { template: { spec: {} } },
    });
    pod("first-1", "InvalidImageName");
    pod("first-2", "CrashLoopBackOff");

    await expect(wait(30)).rejects.toThrow("[Pod demo/first-1]: [InvalidImageName] says the kubelet");

    expect(told.slice(1)).toEqual(["[Pod demo/first-1]: [InvalidImageName] says the kubelet"]);
  });

  it("ends when it is interrupted", async () => {
    const interrupt = new AbortController();
    const waiting = wait(30, interrupt.signal);
    setTimeout(() => interrupt.abort(), 100);

    await expect(waiting).rejects.toThrow("context canceled");
  });

  it("goes on when a watch breaks off", async () => {
    let breaks = 2;
    server.breaksWatches = () => breaks-- > 0;
    const waiting = wait(30);
    await expect.poll(() => breaks).toBeLessThan(0);

    for (const name of ["first", "second"]) server.put(`${path}/${name}`, { ...deployment(name), status: ready });

    await waiting;
  });
});
