import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPatience, Hopeless } from "../../../../../toolchain/offline-engine/providers/helm/patience.ts";
import { KubernetesClient } from "../../../../../toolchain/offline-engine/providers/kubernetes/client.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";
import { FakeApiServer } from "../fake-api-server.ts";

const labels = { app: "web" };
const template = (image: string) => ({ metadata: { labels }, spec: { image } });
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "demo", uid: "deployment" },
  spec: { replicas: 1, selector: { matchLabels: labels }, template: template("new") },
};
const set = { ...deployment, kind: "StatefulSet", status: { replicas: 0 } };

let server: FakeApiServer;
let seconds: number;
beforeEach(async () => {
  server = await FakeApiServer.start();
  seconds = 0;
  for (const image of ["old", "new"]) {
    const metadata = { name: image, namespace: "demo", uid: image, ownerReferences: [{ uid: "deployment" }] };
    const path = `/apis/apps/v1/namespaces/demo/replicasets/${image}`;
    server.put(path, { metadata, spec: { template: template(image) } });
  }
});
afterEach(() => server.stop());

function patience() {
  const client = new KubernetesClient({ server: server.address, options: async () => ({}) });
  return createPatience(client, () => seconds * 1000);
}

/** Puts the deployment's pod into a state, as the kubelet would. */
function pod(reason: string, more: Properties = {}, owner = "new"): void {
  const waiting = { waiting: { reason, message: "says the kubelet" } };
  const status = { containerStatuses: [{ name: "main", ready: false, state: waiting, ...more }] };
  const metadata = { name: "web-1", namespace: "demo", ownerReferences: [{ uid: owner }] };
  server.put("/api/v1/namespaces/demo/pods/web-1", { metadata, status });
}

describe("patience", () => {
  it("ends at once with a name that no image can have", async () => {
    pod("InvalidImageName");

    const hopeless = await patience()
      .check(deployment)
      .catch((error) => error);

    expect(hopeless).toBeInstanceOf(Hopeless);
    expect(hopeless.message).toBe("[Pod demo/web-1]: [InvalidImageName] says the kubelet");
  });

  it("ends at once with a container that refuses, whether it waits to be started again or not", async () => {
    const terminated = { exitCode: 78, reason: "Error", message: "This store cannot go back." };
    for (const more of [{ state: { terminated } }, { lastState: { terminated } }]) {
      pod("CrashLoopBackOff", { restartCount: 1, ...more });

      const hopeless = await patience()
        .check(deployment)
        .catch((error) => error);

      expect(hopeless).toBeInstanceOf(Hopeless);
      expect(hopeless.message).toBe("[Pod demo/web-1]: [Refused] This store cannot go back.");
    }
  });

  it("ends with an image that cannot be pulled for a minute, however the kubelet calls it", async () => {
    const { check } = patience();

    pod("ErrImagePull");
    await check(deployment);
    seconds = 59;
    pod("ImagePullBackOff");
    await check(deployment);
    seconds = 60;

    await expect(check(deployment)).rejects.toThrow("[ImagePullBackOff] says the kubelet");
  });

  it("begins anew when the pod has moved on", async () => {
    const { check } = patience();

    pod("ErrImagePull");
    await check(deployment);
    seconds = 59;
    pod("PodInitializing");
    await check(deployment);
    seconds = 118;
    pod("ErrImagePull");

    await check(deployment);
  });

  it("ends with the fifth restart of a container, and tells how it ended", async () => {
    const lastState = { terminated: { exitCode: 1, reason: "Error" } };
    pod("CrashLoopBackOff", { restartCount: 4, lastState });
    await patience().check(deployment);

    pod("CrashLoopBackOff", { restartCount: 5, lastState });
    const { problems } = await patience()
      .check(deployment)
      .catch((error) => error);

    expect(problems).toEqual([
      "[Pod demo/web-1]: [CrashLoopBackOff] says the kubelet",
      '[Pod demo/web-1]: container "main" ended with exit code 1 (Error)',
    ]);
  });

  it("does not mind pods that the new ones replace", async () => {
    pod("InvalidImageName", {}, "old");

    await patience().check(deployment);
  });

  it("lasts as long as there is time for whatever can pass", async () => {
    const { check } = patience();
    const unscheduled = { type: "PodScheduled", status: "False", message: "0/1 nodes are available" };
    const path = "/api/v1/namespaces/demo/pods/web-1";
    server.put(path, { metadata: { name: "web-1", namespace: "demo" }, status: { conditions: [unscheduled] } });

    await check(set);
    seconds = 600;
    await check(set);
  });

  it("ends with a quota that leaves no room for a Deployment's pods", async () => {
    const { check } = patience();
    const condition = { type: "ReplicaFailure", status: "True", message: "exceeded quota: quota" };
    const full = { ...deployment, status: { conditions: [condition] } };

    await check(full);
    seconds = 60;

    await expect(check(full)).rejects.toThrow("[Deployment demo/web]: [FailedCreate] exceeded quota: quota");
  });

  it("ends with a quota that leaves no room for a StatefulSet's pods, unless they were made in the end", async () => {
    const event = (name: string, reason: string, time: string) =>
      server.put(`/api/v1/namespaces/demo/events/${name}`, {
        metadata: { name },
        reason,
        message: "exceeded quota: quota",
        lastTimestamp: time,
      });
    const { check } = patience();

    event("a", "FailedCreate", "2026-01-01T00:01:00Z");
    event("b", "SuccessfulCreate", "2026-01-01T00:00:00Z");
    await check(set);
    seconds = 60;
    await expect(check(set)).rejects.toThrow("[StatefulSet demo/web]: [FailedCreate] exceeded quota: quota");
    event("c", "SuccessfulCreate", "2026-01-01T00:02:00Z");
    await check(set);
  });

  it("is endless for whoever may not look at pods", async () => {
    pod("InvalidImageName");
    server.refuse = (_method, path) =>
      path.endsWith("/pods") ? { code: 403, reason: "Forbidden", message: "no" } : undefined;

    await patience().check(deployment);
  });
});
