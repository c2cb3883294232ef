import { expect, it } from "vitest";
import type { Snapshot } from "../../../../toolchain/offline-engine/deployment/resource.ts";
import { SnapshotWriter } from "../../../../toolchain/offline-engine/deployment/snapshot-writer.ts";
import { makeStep } from "../../../../toolchain/offline-engine/deployment/step.ts";
import { makeResource } from "../resources.ts";

function makeWriter(base: Partial<Snapshot> = {}) {
  const saved: Snapshot[] = [];
  const empty = {
    manifest: { time: "", magic: "", version: "" },
    seal: undefined,
    resources: [],
    pendingOperations: [],
  };
  const writer = new SnapshotWriter({ ...empty, ...base }, (snapshot) => saved.push(snapshot));
  const shown = () =>
    saved.map(({ resources, pendingOperations }) => ({
      resources: resources.map(({ id }) => id),
      pending: pendingOperations.map(({ type, resource }) => `${type} ${resource.id}`),
    }));
  return { writer, shown };
}

it("writes a create down before it is tried and takes that back after it", () => {
  const { writer, shown } = makeWriter();

  writer.begin(makeStep({ op: "create", new: makeResource("a") }))({ succeeded: true });

  expect(shown()).toEqual([
    { resources: [], pending: ["creating a"] },
    { resources: ["a"], pending: [] },
  ]);
});

it("keeps nothing of a create that failed", () => {
  const { writer, shown } = makeWriter();

  writer.begin(makeStep({ op: "create", new: makeResource("a") }))({ succeeded: false });

  expect(shown().at(-1)).toEqual({ resources: [], pending: [] });
});

it("writes nothing for a resource that stays as it is", () => {
  const old = makeResource("a", { inputs: { size: 1 } });
  const { writer, shown } = makeWriter({ resources: [old] });

  writer.begin(makeStep({ op: "same", old, new: makeResource("a", { inputs: { size: 1 } }) }))({ succeeded: true });

  expect(shown()).toEqual([]);
});

it("keeps both until the old one of a replacement is deleted", () => {
  const [old, created] = [makeResource("old"), makeResource("new")];
  const { writer, shown } = makeWriter({ resources: [old] });

  writer.begin(makeStep({ op: "create-replacement", old, new: created }))({ succeeded: true });
  writer.begin(makeStep({ op: "delete-replaced", old }))({ succeeded: true });

  expect(shown().map(({ resources }) => resources)).toEqual([["old"], ["new", "old"], ["new", "old"], ["new"]]);
});

it("remembers what made room for a replacement until that is there", () => {
  const old = makeResource("a");
  const { writer } = makeWriter({ resources: [old] });

  writer.begin(makeStep({ op: "delete-replaced", old, pendingReplacement: true }))({ succeeded: true });

  expect(writer.snapshot().resources.map(({ pendingReplacement }) => pendingReplacement)).toEqual([true]);
});

it("carries interrupted creates of earlier updates along until they are cleared", () => {
  const pendingOperations = [
    { resource: makeResource("lost"), type: "creating" as const },
    { resource: makeResource("known"), type: "updating" as const },
  ];
  const { writer, shown } = makeWriter({ pendingOperations });

  writer.save();
  writer.clearPendingCreates();

  expect(shown().map(({ pending }) => pending)).toEqual([["creating lost"], []]);
});

it("renames a resource everywhere when it was found by an alias", () => {
  const old = makeResource("old");
  const user = makeResource("user", { dependencies: [old.urn], parent: old.urn });
  const { writer } = makeWriter({ resources: [old, user] });

  writer.rename(old.urn, "urn:new");

  const found = writer.snapshot().resources.find(({ id }) => id === "user");
  expect([found?.parent, found?.dependencies]).toEqual(["urn:new", ["urn:new"]]);
});
