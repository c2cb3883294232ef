import { describe, expect, it } from "vitest";
import { readSettings } from "../../../../../toolchain/offline-engine/providers/kubernetes/settings.ts";

describe("the provider's settings", () => {
  it("come from its options first, then from the environment", () => {
    const environment = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };

    expect(readSettings({}, {}).upsertExistingObjects).toBe(false);
    expect(readSettings({}, environment).upsertExistingObjects).toBe(true);
    expect(readSettings({ upsertExistingObjects: "false" }, environment).upsertExistingObjects).toBe(false);
    expect(readSettings({ upsertExistingObjects: true }, {}).upsertExistingObjects).toBe(true);
  });

  it("take a kubeconfig as text or as an object", () => {
    expect(readSettings({ kubeconfig: "apiVersion: v1" }, {}).kubeconfig).toBe("apiVersion: v1");
    expect(readSettings({ kubeconfig: { apiVersion: "v1" } }, {}).kubeconfig).toBe('{"apiVersion":"v1"}');
  });

  it.each([{ renderYamlToDirectory: "out" }, { enableServerSideApply: "false" }])("refuse %o by name", (inputs) => {
    expect(() => readSettings(inputs, {})).toThrow(/option .* is not supported here/);
  });
});
