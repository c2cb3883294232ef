import { describe, expect, it } from "vitest";
import { compare, type Records, type StoreRecord, type World } from "../../../automation-api/domain/reconcile.ts";

const resource = (type: string, name: string) => ({ urn: `urn:${name}`, type, name, dependencies: [] });
const store = (name: string, changed: Partial<StoreRecord> = {}): StoreRecord => ({
  name,
  status: "ready",
  isBusy: false,
  resources: [
    resource("kubernetes:core/v1:Namespace", "namespace"),
    resource("kubernetes:core/v1:ResourceQuota", "quota"),
    resource("kubernetes:core/v1:Secret", "credentials"),
    resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "network-deny-all"),
  ],
  ...changed,
});
const objectsOf = (name: string) => [
  `ResourceQuota store-${name}/quota`,
  `Secret store-${name}/store-credentials`,
  `NetworkPolicy store-${name}/deny-all`,
];
const healthy: World = {
  namespaces: [{ name: "store-a", isTerminating: false }],
  objects: new Set(objectsOf("a")),
  releases: [{ namespace: "store-a", status: "deployed" }],
  volumes: [{ name: "pv-a", namespace: "store-a" }],
  stacks: ["a"],
};
const records = (changed: Partial<Records> = {}): Records => ({ stores: [store("a")], deleted: new Set(), ...changed });
const found = (given: Records, world: World) =>
  compare(given, world).findings.map(({ kind, subject }) => [kind, subject]);

describe("a comparison", () => {
  it("finds nothing where all is well", () => {
    expect(compare(records(), healthy)).toEqual({ findings: [], abandonedStacks: [] });
  });

  it("says nothing about a store that is being worked on, or is not ready", () => {
    const nothing = { ...healthy, namespaces: [], objects: new Set<string>(), releases: [], stacks: [] };

    expect(found(records({ stores: [store("a", { isBusy: true })] }), nothing)).toEqual([]);
    expect(found(records({ stores: [store("a", { status: "failed" })] }), nothing)).toEqual([]);
  });

  it.each([
    ["the namespace", { namespaces: [] }, [["missing-namespace", "a"]]],
    [
      "the namespace, which is just going",
      { namespaces: [{ name: "store-a", isTerminating: true }] },
      [["missing-namespace", "a"]],
    ],
    ["the quota", { objects: new Set(objectsOf("a").slice(1)) }, [["missing-object", "ResourceQuota store-a/quota"]]],
    [
      "the Secret",
      { objects: new Set([objectsOf("a")[0]!, objectsOf("a")[2]!]) },
      [["missing-object", "Secret store-a/store-credentials"]],
    ],
    [
      "a network policy",
      { objects: new Set(objectsOf("a").slice(0, 2)) },
      [["missing-object", "NetworkPolicy store-a/deny-all"]],
    ],
    ["the release", { releases: [] }, [["release-missing", "a"]]],
    ["the stack", { stacks: [] }, [["missing-stack", "a"]]],
  ])("sees that somebody removed %s", (_what, changed, expected) => {
    expect(found(records(), { ...healthy, ...changed })).toEqual(expected);
  });

  it.each([
    ["pending-upgrade", "release-stuck"],
    ["failed", "release-failed"],
  ])("sees a release that is %s", (status, kind) => {
    const world = { ...healthy, releases: [{ namespace: "store-a", status }] };

    expect(found(records(), world)).toEqual([[kind, "a"]]);
  });
});

describe("what is left over", () => {
  const left: World = {
    ...healthy,
    namespaces: [...healthy.namespaces, { name: "store-b", isTerminating: false }],
    volumes: [...healthy.volumes, { name: "pv-b", namespace: "store-b" }, { name: "pv-x", namespace: "other" }],
    stacks: ["a", "b"],
  };

  it("is reported, and removed when we deleted the store ourselves", () => {
    const { findings, abandonedStacks } = compare(records({ deleted: new Set(["b"]) }), left);

    expect(findings.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["orphan-namespace", "store-b"],
      ["orphan-volume", "pv-b"],
      ["orphan-stack", "b"],
    ]);
    expect(abandonedStacks).toEqual(["b"]);
  });

  it("is reported and left alone when we know nothing of it: it may be another fleet's", () => {
    const { findings, abandonedStacks } = compare(records(), left);

    expect(findings.map(({ kind }) => kind)).toEqual(["orphan-namespace", "orphan-stack"]);
    expect(abandonedStacks).toEqual([]);
  });

  it("is never what belongs to a living store, busy or not", () => {
    const stores = [store("a"), store("b", { status: "provisioning", isBusy: true })];

    expect(compare(records({ stores, deleted: new Set(["b"]) }), left)).toEqual({ findings: [], abandonedStacks: [] });
  });
});
