import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialFailure, type Provider } from "../../../../../toolchain/offline-engine/provider.ts";
import { createKubernetesProvider } from "../../../../../toolchain/offline-engine/providers/kubernetes/provider.ts";
import {
  type Properties,
  revealedProperties,
  Secret,
  UNKNOWN,
} from "../../../../../toolchain/offline-engine/values.ts";
import { FakeApiServer } from "../fake-api-server.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const maps = "/api/v1/namespaces/demo/configmaps";
const deployments = "/apis/apps/v1/namespaces/demo/deployments";

let server: FakeApiServer;
let provider: Provider;
let told: string[];

const configMap = (data: Properties): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "map", namespace: "demo" },
  data,
});
const deployment: Properties = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "demo", annotations: { "pulumi.com/timeoutSeconds": "1" } },
  spec: { replicas: 1 },
};

function call(type: string, signal = new AbortController().signal) {
  const log = (_severity: string, message: string) => void told.push(message);
  return { urn: `urn:pulumi:s::p::${type}::r`, type, name: "r", signal, log, timeoutSeconds: undefined };
}

const create = (type: string, inputs: Properties, preview = false) =>
  provider.create({ ...call(type), inputs, preview });

async function configure(options: Properties = {}): Promise<void> {
  const kubeconfig = JSON.stringify({
    "current-context": "fake",
    clusters: [{ name: "fake", cluster: { server: server.address } }],
    users: [{ name: "fake", user: { token: "t" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
  });
  await provider.configure({ kubeconfig, ...options });
}

beforeEach(async () => {
  server = await FakeApiServer.start();
  provider = createKubernetesProvider({});
  told = [];
  await configure();
});

afterEach(() => server.stop());

describe("the kubernetes provider", () => {
  it("makes an object and keeps what the real provider keeps", async () => {
    const { id, outputs } = await create(CONFIG_MAP, configMap({ key: "value" }));

    expect(id).toBe("demo/map");
    expect(outputs).toMatchObject({
      data: { key: "value" },
      metadata: { uid: expect.any(String) },
      __inputs: configMap({ key: "value" }),
      __initialApiVersion: "v1",
      __fieldManager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
    });
    expect(server.requests).toContain(`POST ${maps}?fieldManager=pulumi-kubernetes`);
  });

  it("keeps the contents of Secrets secret, wherever they show", async () => {
    const news = { metadata: { name: "s", namespace: "demo" }, stringData: { PASSWORD: "p" } };
    const type = "kubernetes:core/v1:Secret";

    const { inputs } = await provider.check({ ...call(type), olds: undefined, news, preview: false });
    const { outputs } = await create(type, revealedProperties(inputs));

    expect(inputs.data).toEqual(new Secret({ PASSWORD: "cA==" }));
    expect(outputs.data).toBeInstanceOf(Secret);
    expect(JSON.stringify(outputs)).not.toContain("stringData");
  });

  it("adopts what exists where that is allowed, under a manager of the resource's own", async () => {
    server.put(`${maps}/map`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map", namespace: "demo" } });

    await expect(create(CONFIG_MAP, configMap({ a: "1" }))).rejects.toThrow(/already exists.*upsertExistingObjects/s);
    await configure({ upsertExistingObjects: true });
    await create(CONFIG_MAP, configMap({ a: "1" }));
    await create(CONFIG_MAP, configMap({ a: "2" }));

    const managers = server.requests
      .filter((request) => request.startsWith("PATCH"))
      .map((request) => new URL(request.slice(6), "http://fake").searchParams.get("fieldManager"));
    expect(new Set(managers).size).toBe(1);
    expect(server.get(`${maps}/map`)).toMatchObject({ data: { a: "2" } });
  });

  it("asks the server in a preview, and answers the inputs where that cannot be", async () => {
    const tried = await create(CONFIG_MAP, configMap({ a: "1" }), true);
    const unknown = await create(CONFIG_MAP, configMap({ a: UNKNOWN }), true);
    server.refuse = (method) =>
      method === "POST"
        ? { code: 404, reason: "NotFound", message: 'namespaces "demo" not found', details: { kind: "namespaces" } }
        : undefined;
    const early = await create(CONFIG_MAP, configMap({ a: "1" }), true);

    expect(tried.outputs).toMatchObject({ __initialApiVersion: "v1" });
    expect(server.get(`${maps}/map`)).toBeUndefined();
    expect(unknown.outputs).toEqual(configMap({ a: UNKNOWN }));
    expect(early.outputs).toEqual(configMap({ a: "1" }));
  });

  it("waits a little for a namespace that is not there yet", async () => {
    let refusals = 1;
    server.refuse = (method) => {
      if (method !== "POST" || refusals === 0) return undefined;
      refusals -= 1;
      return { code: 404, reason: "NotFound", message: 'namespaces "demo" not found', details: { kind: "namespaces" } };
    };

    await create(CONFIG_MAP, configMap({}));

    expect(told).toContain('Retry #0; creation failed: namespaces "demo" not found');
  });

  it("waits until a workload is ready, saying what for", async () => {
    const ready = {
      observedGeneration: 1,
      readyReplicas: 1,
      updatedReplicas: 1,
      conditions: [
        { type: "Available", status: "True" },
        { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
      ],
    };
    const made = create(DEPLOYMENT, deployment);
    await expect.poll(() => told).toContain("Waiting for pods (0/1 ready)");

    server.put(`${deployments}/web`, { ...Object(server.get(`${deployments}/web`)), status: ready });

    expect((await made).outputs).toMatchObject({ status: { readyReplicas: 1 } });
  });

  it("keeps a workload that does not become ready in time", async () => {
    const failure = await create(DEPLOYMENT, deployment).catch((error) => error);

    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure).toMatchObject({ id: "demo/web", outputs: { kind: "Deployment" } });
    expect(failure.message).toContain("'web' timed out waiting to be Ready");
  });

  it("waits until a deleted object is gone, and takes one already gone for success", async () => {
    const { id, outputs } = await create(CONFIG_MAP, configMap({}));
    const held = { id, inputs: {}, outputs: revealedProperties(outputs) };
    server.lingers = true;

    const removal = provider.remove({ ...call(CONFIG_MAP), ...held });
    await expect.poll(() => server.get(`${maps}/map`)?.metadata.deletionTimestamp).toBeDefined();
    server.finish(`${maps}/map`);
    await removal;
    await provider.remove({ ...call(CONFIG_MAP), ...held });

    expect(await provider.read({ ...call(CONFIG_MAP), ...held })).toBeUndefined();
  });

  it("stops waiting when it is interrupted", async () => {
    const interrupt = new AbortController();
    const inputs = { ...deployment, metadata: { name: "web", namespace: "demo" } };

    const made = provider.create({ ...call(DEPLOYMENT, interrupt.signal), inputs, preview: false });
    await expect.poll(() => told.length).toBeGreaterThan(1);
    interrupt.abort();

    await expect(made).rejects.toThrow('Resource operation was cancelled for "web"');
  });

  it("says that the cluster does not answer", async () => {
    await server.stop();

    await expect(create(CONFIG_MAP, configMap({}))).rejects.toThrow(/configured Kubernetes cluster is unreachable/);
    server = await FakeApiServer.start();
  });

  it("refuses types that are not one object by name", async () => {
    const type = "kubernetes:core/v1:NamespacePatch";

    expect(provider.supports(type)).toBe(false);
    await expect(provider.check({ ...call(type), olds: undefined, news: {}, preview: false })).rejects.toThrow(type);
  });
});
