import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PartialFailure } from "../../../../../toolchain/offline-engine/provider.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";
import { type TestCluster, takeCluster } from "../../../../helpers/cluster.ts";
import { kubectl } from "../../../../helpers/kubectl.ts";
import { testStoreName } from "../../../../helpers/names.ts";
import { type Drive, driveProvider, type Held } from "../drive-provider.ts";

let cluster: TestCluster;
let drive: Drive;
let namespaceHeld: Held;
const namespace = testStoreName("objects");

const NAMESPACE = "kubernetes:core/v1:Namespace";
const QUOTA = "kubernetes:core/v1:ResourceQuota";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";

const quota = (pods: string): Properties => ({
  metadata: { name: "quota", namespace },
  spec: { hard: { pods, "requests.cpu": "1000m" } },
});
const map = (name: string, data: Properties, annotations: Properties = {}): Properties => ({
  metadata: { name, namespace, annotations },
  data,
});

function sleeper(name: string, image: string, timeoutSeconds = "60"): Properties {
  const resources = { requests: { cpu: "10m", memory: "8Mi" }, limits: { cpu: "100m", memory: "32Mi" } };
  const container = { name: "main", image, imagePullPolicy: "IfNotPresent", command: ["sleep", "100000"], resources };
  return {
    metadata: { name, namespace, annotations: { "pulumi.com/timeoutSeconds": timeoutSeconds } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
}

beforeAll(async () => {
  cluster = await takeCluster(["redis"]);
  drive = await driveProvider(cluster, { inputs: { enableConfigMapMutable: "true" } });
});

afterAll(async () => {
  await kubectl(cluster, "delete", "namespace", namespace, "--ignore-not-found");
});

// One story: each test goes on where the one before it ended.
describe("objects in a real cluster", () => {
  it("are made, and their readiness is awaited", async () => {
    namespaceHeld = await drive.create(NAMESPACE, "namespace", { metadata: { name: namespace } });
    const held = await drive.create(QUOTA, "quota", quota("10"));

    expect(namespaceHeld.id).toBe(namespace);
    expect(held).toMatchObject({ id: `${namespace}/quota`, outputs: { status: { hard: { pods: "10" } } } });
    expect((await drive.diff(held, quota("10"))).changes).toBe(false);
  });

  it("are tried out by the server in a preview and not made", async () => {
    const outputs = await drive.preview(CONFIG_MAP, "tried", map("tried", { key: "value" }));

    expect(outputs).toMatchObject({ metadata: { uid: expect.any(String) }, data: { key: "value" } });
    expect(await kubectl(cluster, "get", "configmaps", "--namespace", namespace)).not.toContain("tried");
  });

  it("show changes made by hand to our fields, and an update takes them back", async () => {
    const held = await drive.create(CONFIG_MAP, "settings", map("settings", { ours: "1" }));
    const patch = JSON.stringify({ data: { ours: "2", theirs: "3" } });
    await kubectl(cluster, "patch", "configmap", "settings", "--namespace", namespace, "--patch", patch);

    const found = await drive.refresh(held);
    const diff = found && (await drive.diff(found, map("settings", { ours: "1" })));
    const mended = found && (await drive.update(found, map("settings", { ours: "1" })));

    expect(found?.inputs).toMatchObject({ data: { ours: "2" } });
    expect(diff?.detailedDiff).toEqual({ "data.ours": { kind: "update", inputDiff: false } });
    expect(mended?.outputs).toMatchObject({ data: { ours: "1" } });
  });

  it("that exist already are refused, or adopted where that is allowed", async () => {
    const adopting = await driveProvider(cluster, { inputs: { upsertExistingObjects: "true" } });
    await kubectl(cluster, "create", "configmap", "there", "--namespace", namespace);

    await expect(drive.create(CONFIG_MAP, "there", map("there", { a: "1" }))).rejects.toThrow(/already exists/);
    const held = await adopting.create(CONFIG_MAP, "there", map("there", { a: "1" }));

    expect(held.outputs).toMatchObject({ data: { a: "1" } });
    // A second run after a kill is the same manager, so another value is no conflict.
    const again = await adopting.create(CONFIG_MAP, "there", map("there", { a: "2" }));
    expect(again.outputs).toMatchObject({ data: { a: "2" } });
  });

  it("keep the fields of other managers unless they are taken by force", async () => {
    const held = await drive.create(CONFIG_MAP, "shared", map("shared", { a: "1" }));
    const patch = JSON.stringify({ data: { a: "theirs" } });
    const other = ["--field-manager", "somebody-else", "--patch", patch];
    await kubectl(cluster, "patch", "configmap", "shared", "--namespace", namespace, ...other);

    await expect(drive.update(held, map("shared", { a: "2" }))).rejects.toThrow(
      /another field manager.*somebody-else/s,
    );
    const forced = await drive.update(held, map("shared", { a: "2" }, { "pulumi.com/patchForce": "true" }));

    expect(forced.outputs).toMatchObject({ data: { a: "2" } });
  });

  it("with pods are ready when these are", async () => {
    const image = cluster.image("redis");
    const deployment = await drive.create(DEPLOYMENT, "web", sleeper("web", image));
    const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
    const service = await drive.create(SERVICE, "web", { metadata: { name: "web", namespace }, spec });

    expect(deployment.outputs).toMatchObject({ status: { readyReplicas: 1 } });
    expect((await drive.diff(deployment, sleeper("web", image))).changes).toBe(false);
    await drive.remove(service);
    await drive.remove(deployment);
  });

  it("that do not become ready are kept, with the reason of their pods", async () => {
    const failure = await drive
      .create(DEPLOYMENT, "broken", sleeper("broken", "localhost/missing:1", "15"))
      .catch((e) => e);

    expect(failure).toBeInstanceOf(PartialFailure);
    expect(failure).toMatchObject({ id: `${namespace}/broken`, outputs: { kind: "Deployment" } });
    expect(failure.message).toContain("'broken' timed out waiting to be Ready");
    expect(failure.reasons.join("\n")).toMatch(/\[Pod .*broken-.*\]: \[(ErrImage|ImagePull)/);
  });

  it("are waited for until they are gone, and gone already is fine", async () => {
    await drive.remove(namespaceHeld);
    const after = await drive.refresh(namespaceHeld);
    await drive.remove(namespaceHeld);

    expect(after).toBeUndefined();
    expect(await kubectl(cluster, "get", "namespaces", "--output", "name")).not.toContain(`/${namespace}\n`);
  });
});
