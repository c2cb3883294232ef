import { describe, expect, it } from "vitest";
import type { ApiServer } from "../../../automation-api/cluster/api-server.ts";
import { leftOfStore } from "../../../automation-api/cluster/left-of-store.ts";

function serverWith(answers: Readonly<Record<string, unknown>>): Pick<ApiServer, "get"> {
  return { get: async (path) => answers[path] };
}

function volume(name: string, namespace: string | undefined, persistentVolumeReclaimPolicy: string) {
  const claimRef = namespace === undefined ? {} : { claimRef: { namespace } };
  return { metadata: { name }, spec: { ...claimRef, persistentVolumeReclaimPolicy } };
}

describe("what the cluster still holds of a store", () => {
  const volumes = "/api/v1/persistentvolumes";

  it("is its namespace, as long as that is there", async () => {
    const server = serverWith({ "/api/v1/namespaces/store-one": { metadata: {} }, [volumes]: { items: [] } });

    expect(await leftOfStore(server, "one")).toEqual(["the namespace store-one"]);
  });

  it("is then every volume of its own that is to go", async () => {
    const items = [
      volume("pvc-1", "store-one", "Delete"),
      volume("pvc-2", "store-one", "Retain"),
      volume("pvc-3", "store-other", "Delete"),
      volume("pvc-4", undefined, "Delete"),
    ];

    expect(await leftOfStore(serverWith({ [volumes]: { items } }), "one")).toEqual(["the volume pvc-1"]);
  });

  it.each([{ items: [] }, { items: null }])("is nothing in the end: %j", async (list) => {
    expect(await leftOfStore(serverWith({ [volumes]: list }), "one")).toEqual([]);
  });
});
