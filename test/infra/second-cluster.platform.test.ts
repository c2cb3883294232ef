import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterTestSchema } from "../../automation-api/contract/cluster.ts";
import { storeSchema } from "../../automation-api/contract/store.ts";
import { namespaceOf } from "../../stores/names.ts";
import { network } from "../../toolchain/cluster/native/settings.ts";
import { eventually } from "../helpers/daemon.ts";
import { kubectl, kubectlWith, leftovers } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { beginStory, type PlatformStory } from "../helpers/platform-story.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { type SecondCluster, startSecondCluster } from "../helpers/second-cluster.ts";
import { tracesOf } from "../helpers/traces-of.ts";

// The control plane's pods, walled in as they are, and the pod of each operation, at work in a registered cluster.

/** On the bridge of this machine's cluster, where its pods reach it, by a port that they may use. */
const WHERE = { address: network.nodeAddress, port: 443 };
const SECOND = "second";
const path = `/platform/clusters/${SECOND}`;
const CLASS = "made-up";
const kwok = await proofTool("kwok");

/** Volumes that are there before anybody asks for one: nothing makes them here. */
async function giveVolumes({ place }: SecondCluster): Promise<void> {
  const provisioner = "kubernetes.io/no-provisioner";
  const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
  await kubectlWith(place, { ...kind, metadata: { name: CLASS }, provisioner }, "create");
  for (const index of [1, 2, 3, 4]) {
    const spec = {
      capacity: { storage: "50Gi" },
      accessModes: ["ReadWriteOnce", "ReadWriteMany"],
      storageClassName: CLASS,
      hostPath: { path: `/made-up/${index}` },
    };
    const metadata = { name: `${CLASS}-${index}` };
    await kubectlWith(place, { apiVersion: "v1", kind: "PersistentVolume", metadata, spec }, "create");
  }
}

describe.skipIf(kwok === undefined)("the platform in a cluster, with a second one", () => {
  const store = testStoreName("elsewhere");
  let story: PlatformStory;
  let second: SecondCluster;

  beforeAll(async () => {
    story = await beginStory();
    second = await startSecondCluster(story.machine, kwok!, { where: WHERE });
    await giveVolumes(second);
  });
  afterAll(() => second?.stop());

  it("reaches a registered cluster from its API", async () => {
    const target = { ingressClass: "", storageClass: CLASS, sharedStorageClass: "" };
    await story.session.post("/platform/clusters", { name: SECOND, kubeconfig: second.kubeconfig, target });

    expect(clusterTestSchema.parse(await story.session.post(`${path}/test`))).toMatchObject({
      reachable: true,
      missing: [],
    });
  });

  it("makes a store there from a pod, which holds its kubeconfig sealed, and none of it at home", async () => {
    const asked = await story.create(store, SECOND);
    const pod = await eventually(120, "a pod of the operation", async () => {
      const label = "app.kubernetes.io/component=operation";
      const { items } = JSON.parse(await story.platform.kubectl("get", "pods", "--selector", label, "-o", "json"));
      return items[0] as object | undefined;
    });
    const done = await story.ended(asked);

    expect(done).toMatchObject({ status: "succeeded" });
    expect(storeSchema.parse(await story.session.get(`/stores/${store}`))).toMatchObject({
      cluster: SECOND,
      status: "ready",
    });
    const objects = await kubectl(second.place, "get", "all", "--namespace", namespaceOf(store), "--output", "name");
    expect(objects.split("\n")).toEqual(
      expect.arrayContaining(["deployment.apps/medusa", "statefulset.apps/postgres", "service/storefront"]),
    );
    expect(await leftovers(story.machine, store)).toEqual([]);
    const lines = second.kubeconfig.split("\n").filter((line) => line.length > 40);
    expect(tracesOf(lines, new Map([["itself", second.kubeconfig]]))).not.toEqual([]);
    expect(tracesOf(lines, new Map([["the pod", JSON.stringify(pod)]]))).toEqual([]);
  });

  it("reads the store's credentials there, and deletes it without a trace", async () => {
    expect(await story.session.get(`/stores/${store}/credentials`)).toMatchObject({ adminUser: "admin@example.com" });

    expect(await story.ended(await story.remove(store))).toMatchObject({ status: "succeeded" });
    const namespaces = await kubectl(second.place, "get", "namespaces", "--output", "name");
    expect(namespaces).not.toContain(store);
    await story.session.delete(path);
  });
});
