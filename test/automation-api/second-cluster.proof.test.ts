import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { clusterSchema, clusterTestSchema } from "../../automation-api/contract/cluster.ts";
import { operationSchema } from "../../automation-api/contract/operation.ts";
import { storeSchema } from "../../automation-api/contract/store.ts";
import { namespaceOf } from "../../stores/names.ts";
import { eventually } from "../helpers/daemon.ts";
import { type Followed, followOperations } from "../helpers/follow-operations.ts";
import { kubectl, kubectlWith } from "../helpers/kubectl.ts";
import { testStoreName } from "../helpers/names.ts";
import { descendants } from "../helpers/processes.ts";
import { proofTool } from "../helpers/proof-tool.ts";
import { type SecondCluster, startSecondCluster } from "../helpers/second-cluster.ts";
import { NOTHING, type SmallFleet, startFleetForClusters } from "../helpers/small-fleet.ts";
import { tracesOf } from "../helpers/traces-of.ts";

// Stores in a registered cluster: a control plane of its own beside this machine's, whose pods are made up. It is killed in the
// midst of work, and comes back.

const SECOND = "second";
const path = `/platform/clusters/${SECOND}`;
const AWAY = `The cluster "${SECOND}" does not answer; this goes on by itself when it does.`;
/** What a store of the small program is made of, where it has pods. */
const PARTS = [
  ...["resourcequota/quota", "networkpolicy.networking.k8s.io/denial", "secret/store-credentials"],
  ...["configmap/settings", "deployment.apps/server", "secret/sh.helm.release.v1.store.v1"],
];
const kwok = await proofTool("kwok");

type Place = SecondCluster["place"];

/** What a cluster holds of a store; nothing where it has no namespace. */
async function objectsOf(place: Place, store: string): Promise<string[]> {
  const lines = (text: string) => text.split("\n").filter((line) => line !== "");
  const namespaces = lines(await kubectl(place, "get", "namespaces", "--output", "name"));
  if (!namespaces.includes(`namespace/${namespaceOf(store)}`)) return [];
  const kinds = "resourcequotas,networkpolicies,secrets,configmaps,deployments,pods";
  return lines(await kubectl(place, "get", kinds, "--namespace", namespaceOf(store), "--output", "name"));
}

/** Lines of the key by which the cluster is reached. */
function keyIn(kubeconfig: string): string[] {
  const key = parse(kubeconfig).users[0].user["client-key-data"];
  const lines = Buffer.from(key, "base64").toString().split("\n");
  return lines.filter((line) => line.length > 40 && !line.startsWith("-"));
}

/** Every file in a folder, at any depth. */
function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]));
}

describe.skipIf(kwok === undefined)("a second cluster", () => {
  const [there, cut, late] = [testStoreName("pods"), testStoreName("pods"), testStoreName("late")];
  const [here, meanwhile] = [testStoreName("home"), testStoreName("home")];
  const commands = new Set<string>();
  const operations: string[] = [];
  let small: SmallFleet;
  let second: SecondCluster;
  let followed: Followed;
  let watching: NodeJS.Timeout;

  const operation = async (id: string) => operationSchema.parse(await small.session.get(`/operations/${id}`));
  const store = async (name: string) => storeSchema.parse(await small.session.get(`/stores/${name}`));
  const cluster = async () => clusterSchema.parse(await small.session.get(path));
  const tested = async () => clusterTestSchema.parse(await small.session.post(`${path}/test`));
  const create = async (name: string, where?: string) => noted(await small.create(name, where));
  const remove = async (name: string) => noted(await small.remove(name));
  const noted = (id: string) => {
    operations.push(id);
    return id;
  };
  const succeeds = async (id: string) =>
    expect(await followed.end(id, 180)).toMatchObject({ status: "succeeded", reason: null });

  beforeAll(async () => {
    small = await startFleetForClusters();
    second = await startSecondCluster(small.machine, kwok!);
    followed = followOperations(small.connection);
    watching = setInterval(() => descendants().forEach(({ command }) => void commands.add(command)), 250);
  });

  afterAll(async () => {
    clearInterval(watching);
    try {
      await followed?.stop();
      await small?.stop();
    } finally {
      await second?.stop();
    }
    await expect(fetch(`http://127.0.0.1:${second.port}`)).rejects.toThrow("fetch failed");
    expect(existsSync(second.folder)).toBe(false);
  });

  it("is registered by its kubeconfig, and says what it lacks until it lacks nothing", async () => {
    const { kubeconfig, port, place } = second;
    const made = await small.session.post("/platform/clusters", { name: SECOND, kubeconfig });
    const before = await tested();
    const { storageClass, sharedStorageClass, ingressClass } = small.machine.target;
    for (const name of new Set([storageClass, sharedStorageClass].filter((each) => each !== ""))) {
      const provisioner = "kubernetes.io/no-provisioner";
      const kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
      await kubectlWith(place, { ...kind, metadata: { name }, provisioner }, "create");
    }
    const kind = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" };
    const spec = { controller: "example.com/nobody" };
    await kubectlWith(place, { ...kind, metadata: { name: ingressClass }, spec }, "create");

    expect(clusterSchema.parse(made)).toMatchObject({
      server: `https://127.0.0.1:${port}`,
      stores: 0,
      state: "active",
    });
    expect(before).toMatchObject({ reachable: true, serverVersion: expect.stringMatching(/^v1\./) });
    expect(before.missing).toContainEqual(expect.stringContaining(`There is no storage class "${storageClass}"`));
    expect(before.missing).toContainEqual(expect.stringContaining(`There is no ingress class "${ingressClass}"`));
    expect(await tested()).toEqual({ ...before, missing: [] });
  });

  it("holds the stores that name it, and home holds the others", async () => {
    await Promise.all([succeeds(await create(there, SECOND)), succeeds(await create(here))]);

    expect(await objectsOf(second.place, there)).toEqual(expect.arrayContaining(PARTS));
    expect(await objectsOf(second.place, here)).toEqual([]);
    expect(await objectsOf(small.machine, here)).toContain("secret/sh.helm.release.v1.store.v1");
    expect(await objectsOf(small.machine, there)).toEqual([]);
    expect(await store(there)).toMatchObject({ cluster: SECOND, status: "ready" });
    expect(await store(here)).toMatchObject({ cluster: "home", status: "ready" });
    await expect(small.session.delete(path)).rejects.toThrow("A store runs in the cluster; delete them first.");
  });

  it("holds up nobody else when it goes away in the midst of work, which goes on when it is back", async () => {
    second.holdPods();
    const interrupted = await create(cut, SECOND);
    const waits = async () => (await objectsOf(second.place, cut)).find((name) => name.startsWith("pod/"));
    await eventually(120, "a pod that waits", waits);
    const begin = performance.now();
    await second.kill();
    const away = await eventually(180, "an interruption", async () => {
      const found = await operation(interrupted);
      return found.status === "running" ? undefined : found;
    });
    const told = performance.now();
    const held = await create(late, SECOND);
    await succeeds(await create(meanwhile));
    await succeeds(await remove(meanwhile));
    const [ofHeld, ofStore, ofCluster] = [await operation(held), await store(there), await cluster()];
    const kept = readdirSync(join(small.workFolders, ".clusters"));
    second.letPodsGo();
    await second.start();
    const back = performance.now();
    await Promise.all([succeeds(interrupted), succeeds(held)]);
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
    process.stdout.write(
      `the second cluster was away: said after ${seconds(begin, told)} s; back, all had ended after ${seconds(back, performance.now())} s\n`,
    );

    expect(away).toMatchObject({ status: "interrupted", reason: AWAY });
    expect(ofHeld).toMatchObject({ status: "queued", attempt: 0, reason: AWAY });
    expect(ofStore.clusterAway).toContain("does not answer since");
    expect(ofCluster).toMatchObject({ awaySince: expect.any(String), trouble: expect.any(String), stores: 3 });
    expect(kept).toEqual([]);
    expect(await operation(interrupted)).toMatchObject({ attempt: 2 });
    expect(await objectsOf(second.place, cut)).toEqual(expect.arrayContaining(PARTS));
    expect(await cluster()).not.toHaveProperty("awaySince");
  });

  it("is left by its stores without a trace, and then forgotten", async () => {
    const names = [there, cut, late, here];
    await Promise.all(names.map(async (name) => succeeds(await remove(name))));

    expect(await kubectl(second.place, "get", "secrets", "-A", "-l", "owner=helm", "--output", "name")).toBe("");
    for (const name of names) expect(await objectsOf(second.place, name)).toEqual([]);
    const left = () => small.leftovers([...names, meanwhile], operations);
    await expect.poll(left, { timeout: 30_000, interval: 1000 }).toEqual(NOTHING);
    await small.session.delete(path);
    await expect(cluster()).rejects.toThrow("There is no registered cluster of this name.");
    await expect(small.create(testStoreName("late"), SECOND)).rejects.toThrow(`There is no cluster "${SECOND}"`);
  });

  it("had its key neither in a file, nor in a state, nor on a command line", () => {
    const key = keyIn(second.kubeconfig);

    expect(tracesOf(key, new Map([["itself", second.kubeconfig]]))).not.toEqual([]);
    expect([...commands].some((command) => command.includes(there))).toBe(true);
    expect(tracesOf(key, new Map([["command lines", [...commands].join("\n")]]))).toEqual([]);
    const files = filesIn(small.machine.folder);
    expect([...files.keys()].some((file) => file.includes(there))).toBe(true);
    expect(tracesOf(key, files)).toEqual([]);
  });
});
