import { describe, expect, it } from "vitest";
import { forcesPatch, takenOver } from "../../../../../toolchain/offline-engine/providers/kubernetes/field-managers.ts";
import { readSettings } from "../../../../../toolchain/offline-engine/providers/kubernetes/settings.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";

function managedBy(...entries: Properties[]): Properties {
  return { metadata: { managedFields: entries } };
}

const created = {
  manager: "pulumi-kubernetes",
  operation: "Update",
  fieldsV1: { "f:spec": { "f:hard": { "f:pods": {} } } },
};
const byHand = { manager: "kubectl-patch", operation: "Update", fieldsV1: { "f:spec": { "f:hard": { "f:cpu": {} } } } };
const status = { manager: "kube-controller-manager", operation: "Update", subresource: "status", fieldsV1: {} };

describe("taking fields over", () => {
  it("gives what was created and what was changed by hand to the object's own manager", () => {
    expect(takenOver(managedBy(status, created, byHand), "pulumi-kubernetes-1a2b3c4d")).toEqual([
      status,
      {
        manager: "pulumi-kubernetes-1a2b3c4d",
        operation: "Apply",
        fieldsV1: { "f:spec": { "f:hard": { "f:pods": {}, "f:cpu": {} } } },
      },
    ]);
  });

  it("has nothing to do when all is ours or a controller's", () => {
    const own = { manager: "mine", operation: "Apply", fieldsV1: {} };

    expect(takenOver(managedBy(own, status), "mine")).toBeUndefined();
  });
});

describe("a clash with another manager", () => {
  const other = managedBy({ manager: "other", operation: "Apply" });

  it("is an error unless the object or the provider says to force it", () => {
    const forced = { metadata: { annotations: { "pulumi.com/patchForce": "true" } } };

    expect(forcesPatch({}, other, readSettings({}, {}), false)).toBe(false);
    expect(forcesPatch(forced, other, readSettings({}, {}), false)).toBe(true);
    expect(forcesPatch({}, other, readSettings({}, { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" }), false)).toBe(true);
  });

  it("does not show in a preview when it is with our own earlier self", () => {
    expect(forcesPatch({}, managedBy(created), readSettings({}, {}), true)).toBe(true);
    expect(forcesPatch({}, managedBy(created), readSettings({}, {}), false)).toBe(false);
  });
});
