import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClusterUnreachable, connectToCluster } from "../../../automation-api/cluster/api-server.ts";
import { createCredentialsReader } from "../../../automation-api/cluster/credentials-reader.ts";
import { guardedCluster } from "../../../automation-api/cluster/guarded-cluster.ts";
import { inspectCluster } from "../../../automation-api/cluster/inspect-cluster.ts";
import type { PodNews } from "../../../automation-api/cluster/pod-news.ts";
import { watchStore } from "../../../automation-api/cluster/watch-store.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await startFakeCluster();
});
afterEach(() => cluster.stop());

const nowhere = async () => {
  await cluster.stop();
  return cluster.address;
};
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("inspecting the cluster", () => {
  it("tells its version and says who asks", async () => {
    cluster.objects.set("/version", { gitVersion: "v1.34.2" });

    expect(await inspectCluster(guardedCluster(cluster.address))).toEqual({ reachable: true, version: "v1.34.2" });
    expect(cluster.asked).toEqual([{ path: "/version", authorization: "Bearer ann-token" }]);
  });

  it("says who asks by the token in a file, as it is at that moment", async () => {
    cluster.objects.set("/version", { gitVersion: "v1.34.2" });
    cluster.useTokenFile("first\n");
    const server = await connectToCluster(cluster.address);

    await server.get("/version", AbortSignal.timeout(1000));
    cluster.useTokenFile("renewed\n");
    await server.get("/version", AbortSignal.timeout(1000));
    server.close();

    expect(cluster.asked.map(({ authorization }) => authorization)).toEqual(["Bearer first", "Bearer renewed"]);
  });

  it("tells that it does not answer", async () => {
    expect(await inspectCluster(guardedCluster(await nowhere()))).toEqual({ reachable: false });
    expect(await inspectCluster(guardedCluster({ kubeconfig: "/nowhere", context: "test" }))).toEqual({
      reachable: false,
    });
  });
});

describe("changing the cluster", () => {
  it("sends what is to be made, and how something is to be removed", async () => {
    cluster.objects.set("/jobs", {});
    cluster.objects.set("/jobs/one", {});
    const server = await connectToCluster(cluster.address);

    await server.post("/jobs", { kind: "Job" }, AbortSignal.timeout(1000));
    await server.remove("/jobs/one", { propagationPolicy: "Foreground" }, AbortSignal.timeout(1000));
    await server.remove("/jobs/gone", {}, AbortSignal.timeout(1000));
    server.close();

    await vi.waitFor(() => expect(cluster.sent.length).toBeGreaterThan(2));
    expect(cluster.sent).toEqual([
      { request: "POST /jobs", body: '{"kind":"Job"}' },
      { request: "DELETE /jobs/one", body: '{"propagationPolicy":"Foreground"}' },
      { request: "DELETE /jobs/gone", body: "{}" },
    ]);
  });

  it("says so when it refuses", async () => {
    cluster.objects.set("/jobs", 403);
    const server = await connectToCluster(cluster.address);

    await expect(server.post("/jobs", {}, AbortSignal.timeout(1000))).rejects.toBeInstanceOf(ClusterUnreachable);
    await expect(server.post("/nothing", {}, AbortSignal.timeout(1000))).rejects.toBeInstanceOf(ClusterUnreachable);
    server.close();
  });
});

describe("reading credentials", () => {
  const path = "/api/v1/namespaces/store-demo/secrets/store-credentials";
  const store = { name: "demo", engine: "medusa" } as const;

  it("gives the owner what is the owner's, and nothing else of the Secret", async () => {
    cluster.objects.set(path, {
      data: {
        ADMIN_EMAIL: base64("ann@example.com"),
        ADMIN_PASSWORD: base64("wonderland"),
        PUBLISHABLE_KEY: base64("pk_1"),
        DATABASE_PASSWORD: base64("hidden"),
      },
    });

    expect(await createCredentialsReader(guardedCluster(cluster.address))(store)).toEqual({
      adminUser: "ann@example.com",
      adminPassword: "wonderland",
      keys: { publishableKey: "pk_1" },
    });
  });

  it("finds none while there is no Secret, or one that is not complete", async () => {
    const read = createCredentialsReader(guardedCluster(cluster.address));

    expect(await read(store)).toBeUndefined();
    cluster.objects.set(path, { data: { ADMIN_EMAIL: base64("ann@example.com") } });
    expect(await read(store)).toBeUndefined();
  });

  it("says so when the cluster does not answer, or refuses", async () => {
    cluster.objects.set(path, 403);
    await expect(createCredentialsReader(guardedCluster(cluster.address))(store)).rejects.toBeInstanceOf(
      ClusterUnreachable,
    );
    const away = createCredentialsReader(guardedCluster(await nowhere()));

    await expect(away(store)).rejects.toBeInstanceOf(ClusterUnreachable);
  });
});

describe("watching a store", () => {
  const pods = "/api/v1/namespaces/store-demo/pods";
  const events = "/api/v1/namespaces/store-demo/events";

  function watch() {
    const news: PodNews[] = [];
    const stop = new AbortController();
    const connected = connectToCluster(cluster.address);
    const ended = watchStore(() => connected, {
      store: "demo",
      onNews: (each) => news.push(each),
      signal: stop.signal,
    });
    return { news, stop, ended };
  }
  const say = (path: string, change: unknown) => cluster.watches.get(path)?.write(`${JSON.stringify(change)}\n`);
  const opened = (path: string) => vi.waitFor(() => expect(cluster.watches.has(path)).toBe(true), { timeout: 3000 });
  const pod = (status: unknown) => ({
    metadata: { name: "postgres-0", uid: "1", labels: { "app.kubernetes.io/component": "postgres" } },
    status,
  });
  const ready = pod({ conditions: [{ type: "Ready", status: "True" }] });

  it("tells news of pods and of events, and ends when it is told to", async () => {
    const { news, stop, ended } = watch();
    await Promise.all([opened(pods), opened(events)]);

    say(pods, { type: "ADDED", object: pod({ containerStatuses: [{ name: "postgres", state: { running: {} } }] }) });
    say(pods, { type: "MODIFIED", object: ready });
    say(events, {
      type: "ADDED",
      object: {
        metadata: { uid: "2" },
        type: "Warning",
        reason: "FailedMount",
        message: "no volume",
        involvedObject: { name: "postgres-0" },
      },
    });

    await vi.waitFor(() => expect(news).toHaveLength(3));
    expect(news.map(({ text }) => text).toSorted()).toEqual([
      "postgres: no volume (FailedMount)",
      "postgres: ready",
      "postgres: starting",
    ]);
    stop.abort();
    await ended;
  });

  it("goes on after a watch that broke, without saying anything twice", async () => {
    const { news, stop, ended } = watch();
    await opened(pods);
    say(pods, { type: "ADDED", object: ready });
    await vi.waitFor(() => expect(news).toHaveLength(1));

    cluster.watches.get(pods)?.destroy();
    await vi.waitFor(() => expect(cluster.watches.has(pods)).toBe(false));
    await opened(pods);
    say(pods, { type: "ADDED", object: ready });
    say(pods, { type: "MODIFIED", object: { ...ready, metadata: { ...ready.metadata, deletionTimestamp: "now" } } });

    await vi.waitFor(() => expect(news.map(({ text }) => text)).toEqual(["postgres: ready", "postgres: stopping"]));
    stop.abort();
    await ended;
  });
});
