import { describe, expect, it } from "vitest";
import { diffObject } from "../../../../../toolchain/offline-engine/providers/kubernetes/diff.ts";
import { readSettings } from "../../../../../toolchain/offline-engine/providers/kubernetes/settings.ts";
import { type Properties, UNKNOWN } from "../../../../../toolchain/offline-engine/values.ts";

function diff(
  inputs: Properties,
  live: Properties,
  newInputs: Properties,
  options: { ignore?: string[]; provider?: Properties } = {},
) {
  return diffObject(
    { oldInputs: inputs, oldOutputs: { ...live, __inputs: inputs }, newInputs, ignoreChanges: options.ignore ?? [] },
    readSettings(options.provider ?? {}, {}),
  );
}

const quota = (pods: string): Properties => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "quota", namespace: "shop" },
  spec: { hard: { pods } },
});
const configMap = (data: Properties, name = "map"): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop" },
  data,
});

describe("the diff of an object", () => {
  it("finds nothing when only the server added fields", () => {
    const live = { ...quota("10"), status: { hard: { pods: "10" } } };

    expect(diff(quota("10"), live, quota("10"))).toEqual({
      changes: false,
      replaceKeys: [],
      deleteBeforeReplace: false,
      detailedDiff: {},
    });
  });

  it("finds a changed wish, as recorded from the real provider", () => {
    expect(diff(quota("10"), quota("10"), quota("12"))).toMatchObject({
      changes: true,
      replaceKeys: [],
      detailedDiff: { "spec.hard.pods": { kind: "update", inputDiff: false } },
    });
  });

  it("finds a change made by hand although the wish is the same", () => {
    expect(diff(quota("12"), quota("99"), quota("12")).detailedDiff).toEqual({
      "spec.hard.pods": { kind: "update", inputDiff: false },
    });
  });

  it("tells a removed property from one the server filled in", () => {
    const inputs = configMap({ a: "1", b: "2" });
    const live = { ...inputs, immutable: false };

    expect(
      diff(inputs, live, configMap({ a: "1" }), { provider: { enableConfigMapMutable: true } }).detailedDiff,
    ).toEqual({ "data.b": { kind: "delete", inputDiff: true } });
  });

  it("quotes keys that have dots in them", () => {
    const labelled = (labels: Properties): Properties => ({
      ...quota("1"),
      metadata: { name: "quota", namespace: "shop", labels },
    });

    expect(Object.keys(diff(quota("1"), quota("1"), labelled({ "a.b/c": "1" })).detailedDiff)).toEqual([
      "metadata.labels",
    ]);
    const both = labelled({ x: "1", "a.b/c": "1" });
    expect(Object.keys(diff(labelled({ x: "1" }), labelled({ x: "1" }), both).detailedDiff)).toEqual([
      'metadata.labels["a.b/c"]',
    ]);
  });

  it("treats an unknown as a change", () => {
    const newInputs = { ...quota("10"), spec: { hard: { pods: UNKNOWN } } };

    expect(diff(quota("10"), quota("10"), newInputs).detailedDiff).toEqual({
      "spec.hard.pods": { kind: "update", inputDiff: false },
    });
  });

  it("leaves out what is to be ignored", () => {
    expect(diff(quota("10"), quota("10"), quota("12"), { ignore: ["spec.hard"] }).changes).toBe(false);
  });

  it("knows that no namespace means the default one", () => {
    const inputs: Properties = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };

    expect(diff(inputs, { ...inputs, metadata: { name: "a", namespace: "default" } }, inputs).changes).toBe(false);
  });
});

describe("a replacement", () => {
  it("deletes first when the new object has the old one's name", () => {
    expect(diff(configMap({ a: "1" }), configMap({ a: "1" }), configMap({ a: "2" }))).toMatchObject({
      replaceKeys: ["data.a"],
      deleteBeforeReplace: true,
    });
  });

  it("creates first when the name changes", () => {
    expect(diff(configMap({}), configMap({}), configMap({}, "other"))).toMatchObject({
      replaceKeys: ["metadata.name"],
      deleteBeforeReplace: false,
    });
  });

  it("creates first when we made up the name", () => {
    const auto = (data: Properties) => ({
      ...configMap(data),
      metadata: { name: "map-1", namespace: "shop", annotations: { "pulumi.com/autonamed": "true" } },
    });

    expect(diff(auto({ a: "1" }), auto({ a: "1" }), auto({ a: "2" })).deleteBeforeReplace).toBe(false);
  });

  it("is not needed for contents the provider was told are mutable, unless the object is immutable", () => {
    const mutable = { provider: { enableConfigMapMutable: "true" } };
    const frozen = (data: Properties) => ({ ...configMap(data), immutable: true });

    expect(diff(configMap({ a: "1" }), configMap({ a: "1" }), configMap({ a: "2" }), mutable).replaceKeys).toEqual([]);
    expect(diff(frozen({ a: "1" }), frozen({ a: "1" }), frozen({ a: "2" }), mutable).replaceKeys).toEqual(["data.a"]);
  });

  it.each<[string, Properties, Properties]>([
    ["a Job's template", jobWith("1"), jobWith("2")],
    ["a Deployment's selector", deploymentWith("1"), deploymentWith("2")],
    ["a container's image in a Pod", podWith("a:1"), podWith("a:2")],
    ["a role binding's role", bindingTo("a"), bindingTo("b")],
  ])("follows a change of %s", (_what, before, after) => {
    expect(diff(before, before, after).replaceKeys).toHaveLength(1);
  });
});

function jobWith(version: string): Properties {
  const template = { metadata: { labels: { version } } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job", namespace: "shop" }, spec: { template } };
}

function deploymentWith(app: string): Properties {
  const spec = { selector: { matchLabels: { app } } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec };
}

function podWith(image: string): Properties {
  const spec = { containers: [{ name: "main", image }] };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "shop" }, spec };
}

function bindingTo(name: string): Properties {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "binding", namespace: "shop" },
    roleRef: { kind: "Role", name },
  };
}
