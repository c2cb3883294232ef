import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApiServer, connectToCluster } from "../../../automation-api/cluster/api-server.ts";
import { readWorld } from "../../../automation-api/cluster/read-world.ts";
import { compare } from "../../../automation-api/domain/reconcile.ts";
import { type TestCluster, takeCluster } from "../../helpers/cluster.ts";
import { kubectl, kubectlWith } from "../../helpers/kubectl.ts";
import { testStoreName } from "../../helpers/names.ts";

let taken: TestCluster;
let server: ApiServer;
const name = testStoreName("world");
const namespace = `store-${name}`;
const ours = { "app.kubernetes.io/managed-by": "storefleet" };
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
const labels = { ...ours, "storefleet.dev/store": name };

beforeAll(async () => {
  taken = await takeCluster([]);
  server = await connectToCluster(taken.cluster);
  const helm = { owner: "helm", name: "store", version: "2", status: "pending-upgrade" };
  const older = { ...helm, version: "1", status: "superseded" };
  const objects: [string, string, object, object][] = [
    ["v1", "Namespace", { name: namespace, labels: { ...labels, ...restricted } }, {}],
    ["v1", "Namespace", { name: `${namespace}-tool`, labels: ours }, {}],
    ["v1", "ResourceQuota", { name: "quota", namespace, labels }, { spec: { hard: { pods: "1" } } }],
    ["v1", "Secret", { name: "store-credentials", namespace, labels }, { stringData: { password: "marker" } }],
    ["v1", "Secret", { name: "not-ours", namespace }, {}],
    ["v1", "Secret", { name: "sh.helm.release.v1.store.v1", namespace, labels: older }, {}],
    ["v1", "Secret", { name: "sh.helm.release.v1.store.v2", namespace, labels: helm }, {}],
  ];
  for (const [apiVersion, kind, metadata, rest] of objects) {
    await kubectlWith(taken, { apiVersion, kind, metadata, ...rest }, "apply");
  }
});
afterAll(async () => {
  server?.close();
  if (taken === undefined) return;
  await kubectl(taken, "delete", "namespace", namespace, `${namespace}-tool`, "--wait=false", "--ignore-not-found");
});

it("tells what belongs to stores in a cluster, and of Secrets only their names", async () => {
  const world = await readWorld(server);

  const objects = [...world.objects].filter((object) => object.includes(namespace));
  expect(world.namespaces).toContainEqual({ name: namespace, isTerminating: false });
  // As the toolchain labels namespaces of a cluster that it made.
  expect(world.namespaces.map((found) => found.name)).not.toContain(`${namespace}-tool`);
  expect(objects.toSorted()).toEqual([`ResourceQuota ${namespace}/quota`, `Secret ${namespace}/store-credentials`]);
  expect(world.releases).toContainEqual({ namespace, status: "pending-upgrade" });
  expect(JSON.stringify([...world.objects, world])).not.toContain("marker");
});

it("shows that somebody removed the quota, the Secret or the namespace of a store", async () => {
  const resource = (type: string, called: string) => ({ urn: `urn:${called}`, type, name: called, dependencies: [] });
  const resources = [
    resource("kubernetes:core/v1:Namespace", "namespace"),
    resource("kubernetes:core/v1:ResourceQuota", "quota"),
    resource("kubernetes:core/v1:Secret", "credentials"),
  ];
  const store = { name, status: "ready", isBusy: false, resources } as const;
  const seen = async () => {
    const { findings } = compare(
      { stores: [store], deleted: new Set() },
      { ...(await readWorld(server)), stacks: [name] },
    );
    return findings.filter(({ subject, text }) => `${subject} ${text}`.includes(name)).map(({ kind }) => kind);
  };
  const inside = ["--namespace", namespace];

  expect(await seen()).toEqual(["release-stuck"]);
  await kubectl(taken, "delete", "resourcequota", "quota", ...inside);
  expect(await seen()).toEqual(["missing-object", "release-stuck"]);
  await kubectl(taken, "delete", "secret", "store-credentials", ...inside);
  expect(await seen()).toEqual(["missing-object", "missing-object", "release-stuck"]);
  await kubectl(taken, "delete", "namespace", namespace, "--wait=false");
  expect(await seen()).toEqual(["missing-namespace"]);
});
