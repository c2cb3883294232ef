import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeCluster } from "../helpers/cluster.ts";
import { eventually } from "../helpers/daemon.ts";
import { helm, render, valuesFor } from "../helpers/engine-chart.ts";
import { kubectl, kubectlWith } from "../helpers/kubectl.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { operatorOf, runbookCommand } from "../helpers/runbook.ts";
import { type SecondCluster, startSecondCluster } from "../helpers/second-cluster.ts";

// What infra/RUNBOOKS.md says of a node that is lost, on a real control plane with two made-up nodes: what our charts declare
// moves or waits, the commands are those of the text. Nothing runs in the pods.

const kwok = await proofTool("kwok");
const heading = "A node is lost";

/** Two stores: the volume of the first is served by the network, that of the second is a folder of the node that is lost. */
const stores = { network: "store-network", disk: "store-disk" };
const FOLDER = mkdtempSync(join(tmpdir(), "storefleet-nodes-"));

const podsSchema = (text: string) =>
  (JSON.parse(text).items as PodObject[]).map(({ metadata, spec, status }) => ({
    component: metadata.labels["app.kubernetes.io/component"],
    node: spec.nodeName,
    isLeaving: metadata.deletionTimestamp !== undefined,
    isReady: status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false,
    why: status.conditions?.find(({ type }) => type === "PodScheduled")?.message ?? "",
  }));
interface PodObject {
  metadata: { labels: Record<string, string>; deletionTimestamp?: string };
  spec: { nodeName?: string };
  status: { conditions?: { type: string; status: string; message?: string }[] };
}

describe.skipIf(kwok === undefined || helm === undefined)("a node that is lost", () => {
  let cluster: SecondCluster;
  let type: (commands: string, words?: Readonly<Record<string, string>>) => Promise<string>;
  const on = (...args: string[]) => kubectl(cluster.place, ...args);
  const told = (words: string) => type(runbookCommand(heading, words), { node: "one" });
  const pods = async (namespace: string, component?: string) => {
    const found = podsSchema(await on("get", "pods", "--namespace", namespace, "--output", "json"));
    return found.filter((pod) => component === undefined || pod.component === component);
  };
  const until = (what: string, ask: () => Promise<boolean>) =>
    eventually(120, what, async () => (await ask()) || undefined);
  const listed = (node: string, how: string) =>
    until(`${node} ${how}`, async () => new RegExp(`^${node} +${how} `, "m").test(await told("kubectl get nodes")));

  beforeAll(async () => {
    const lostAfter = { silentSeconds: 6, evictedSeconds: 3 };
    cluster = await startSecondCluster(await takeCluster([]), kwok!, { nodes: ["one", "two"], lostAfter });
    type = operatorOf(cluster.place, FOLDER, "default");
    // Everything begins on the node that is lost.
    await on("cordon", "two");
    await makeVolumes();
    for (const [storageClass, namespace] of Object.entries(stores)) {
      await on("create", "namespace", namespace);
      const items = render("medusa", valuesFor("medusa", "basic", { target: { storageClass } }));
      await kubectlWith(cluster.place, { apiVersion: "v1", kind: "List", items }, "apply", "--namespace", namespace);
    }
    for (const namespace of Object.values(stores)) {
      await on("wait", "pods", "--all", "--for=condition=Ready", "--namespace", namespace, "--timeout=60s");
      expect(new Set((await pods(namespace)).map(({ node }) => node))).toEqual(new Set(["one"]));
    }
    await on("uncordon", "two");
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(FOLDER, { recursive: true, force: true });
  });

  async function makeVolumes(): Promise<void> {
    const volume = (storageClassName: string, where: object) => ({
      ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: storageClassName } },
      spec: { capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"], storageClassName, ...where },
    });
    const here = [{ key: "kubernetes.io/hostname", operator: "In", values: ["one"] }];
    const items = [
      volume("network", { nfs: { server: "192.0.2.1", path: "/" } }),
      volume("disk", {
        local: { path: "/disk" },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: here }] } },
      }),
    ];
    await kubectlWith(cluster.place, { apiVersion: "v1", kind: "List", items }, "create");
  }

  it("is told as NotReady; what has no volume comes up elsewhere by itself, what has one waits", async () => {
    cluster.holdPods("one");

    await listed("one", "NotReady");
    for (const namespace of Object.values(stores)) {
      for (const component of ["medusa", "storefront", "redis"]) {
        await until(`${component} on the other node`, async () =>
          (await pods(namespace, component)).some(({ node, isReady }) => node === "two" && isReady),
        );
      }
      const [database, ...others] = await pods(namespace, "postgres");
      expect(database).toMatchObject({ node: "one", isLeaving: true });
      expect(others).toEqual([]);
    }
  });

  it("lets a volume that the network serves follow its pod after the command of the runbook, and no other", async () => {
    expect((await pods(stores.network, "postgres"))[0]).toMatchObject({ node: "one", isLeaving: true });

    await told("out-of-service=");

    await until("the database on the other node", async () => {
      const [database] = await pods(stores.network, "postgres");
      return database?.node === "two" && database.isReady;
    });
    const bound = await until("the other database without a node", async () => {
      const [database] = await pods(stores.disk, "postgres");
      return database !== undefined && database.node === undefined && database.why.includes("node affinity");
    });
    expect(bound).toBe(true);
  });

  it("has its own disk again when it is brought back", async () => {
    cluster.letPodsGo("one");
    await listed("one", "Ready");

    await told("out-of-service-");

    await until("the database on its own node", async () => {
      const [database] = await pods(stores.disk, "postgres");
      return database?.node === "one" && database.isReady;
    });
  });

  it("is not waited for when it is deleted for good", async () => {
    cluster.holdPods("one");
    await listed("one", "NotReady");

    await told("kubectl delete node");

    await until("pods that are not of that node", async () => {
      const all = [...(await pods(stores.network)), ...(await pods(stores.disk))];
      return all.every(({ node, isLeaving }) => node !== "one" && !isLeaving);
    });
    expect((await pods(stores.network)).every(({ node, isReady }) => node === "two" && isReady)).toBe(true);
    expect((await pods(stores.disk, "postgres"))[0]?.node).toBeUndefined();
    expect(await told("kubectl get nodes")).not.toMatch(/^one /m);
  });
});
