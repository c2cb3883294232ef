import { describe, expect, it } from "vitest";
import { diffRelease } from "../../../../../toolchain/offline-engine/providers/helm/release-diff.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";

const inputs = {
  name: "app",
  namespace: "shop",
  chart: "./chart",
  timeout: 60,
  values: { replicas: 2, image: "busybox:1" },
  version: "0.1.0",
};
const outputs: Properties = { ...inputs, __inputs: inputs, resourceNames: {}, status: { status: "deployed" } };

function diff(newInputs: Properties, oldOutputs = outputs, ignoreChanges: string[] = []) {
  return diffRelease({ oldInputs: inputs, oldOutputs, newInputs, ignoreChanges });
}

describe("the diff of a release", () => {
  it("is empty for the same inputs, whatever else the outputs hold", () => {
    expect(diff(inputs)).toEqual({ changes: false, replaceKeys: [], deleteBeforeReplace: false, detailedDiff: {} });
  });

  it("names changed values, as recorded from the real provider", () => {
    const newInputs = { ...inputs, timeout: 25, values: { replicas: 2, image: "missing:1" } };

    expect(diff(newInputs).detailedDiff).toEqual({
      timeout: { kind: "update", inputDiff: false },
      "values.image": { kind: "update", inputDiff: false },
    });
  });

  it("compares with what is deployed, not only with what was asked for", () => {
    const live = { ...outputs, values: { replicas: 5, image: "busybox:1" } };

    expect(Object.keys(diff(inputs, live).detailedDiff)).toEqual(["values.replicas"]);
  });

  it("does not mind values nobody asked for", () => {
    const live = { ...outputs, values: { ...inputs.values, extra: 1 } };

    expect(diff(inputs, live).changes).toBe(false);
  });

  it("finds values that are no longer asked for", () => {
    expect(diff({ ...inputs, values: { replicas: 2 } }).detailedDiff).toEqual({
      "values.image": { kind: "delete", inputDiff: true },
    });
  });

  it("replaces for another name or namespace, the new one first", () => {
    expect(diff({ ...inputs, name: "other" })).toMatchObject({ replaceKeys: ["name"], deleteBeforeReplace: false });
    expect(diff({ ...inputs, namespace: "other" }).replaceKeys).toEqual(["namespace"]);
  });

  it("can ignore a new version of the chart", () => {
    expect(diff({ ...inputs, version: "0.2.0" }).changes).toBe(true);
    expect(diff({ ...inputs, version: "0.2.0" }, outputs, ["version"]).changes).toBe(false);
  });
});
