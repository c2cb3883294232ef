import { describe, expect, it } from "vitest";
import { NO_CHANGES, planSteps, verdictOf } from "../../../../toolchain/offline-engine/deployment/planner.ts";
import { makeResource } from "../resources.ts";

const wish = { replaceOnChanges: [], deleteBeforeReplace: undefined };
const nothing = { changes: false, replaceKeys: [], deleteBeforeReplace: false, detailedDiff: {} };
const change = {
  changes: true,
  replaceKeys: [],
  deleteBeforeReplace: false,
  detailedDiff: { "spec.size": { kind: "update" as const, inputDiff: true } },
};

function operations(...given: Parameters<typeof planSteps>): string[] {
  return planSteps(...given).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

describe("the plan for one resource", () => {
  const old = makeResource("a");
  const now = makeResource("a");

  it("creates what the state does not have", () => {
    expect(operations(now, undefined, NO_CHANGES)).toEqual(["create a"]);
  });

  it("keeps what does not differ", () => {
    expect(operations(now, old, verdictOf(nothing, wish))).toEqual(["same a"]);
  });

  it("updates in place what differs", () => {
    expect(operations(now, old, verdictOf(change, wish))).toEqual(["update a"]);
  });

  it("updates what did not end well last time, even when nothing differs", () => {
    const unwell = makeResource("a", { initErrors: ["it did not start"] });

    expect(operations(now, unwell, verdictOf(nothing, wish))).toEqual(["update a"]);
  });

  it("makes the new one first when it replaces", () => {
    const verdict = verdictOf({ ...change, replaceKeys: ["spec"] }, wish);

    expect(operations(now, old, verdict)).toEqual(["create-replacement a", "replace a"]);
  });

  it("makes room first when both cannot be there, dependents before what they depend on", () => {
    const verdict = verdictOf({ ...change, replaceKeys: ["spec"], deleteBeforeReplace: true }, wish);

    const planned = operations(now, old, verdict, [makeResource("c"), makeResource("b")]);

    expect(planned).toEqual([
      "delete-replaced c",
      "delete-replaced b",
      "delete-replaced a",
      "replace a",
      "create-replacement a",
    ]);
  });

  it("goes on with a replacement that was interrupted after making room", () => {
    const gone = makeResource("a", { pendingReplacement: true });

    expect(operations(now, gone, NO_CHANGES)).toEqual(["replace a", "create-replacement a"]);
  });

  it("refuses to replace what is protected", () => {
    const guarded = makeResource("a", { protect: true });
    const verdict = verdictOf({ ...change, replaceKeys: ["spec"] }, wish);

    expect(() => planSteps(now, guarded, verdict)).toThrow(/marked for protection/);
  });
});

describe("the verdict on a difference", () => {
  it("replaces when a property the program named differs", () => {
    const verdict = verdictOf(change, { ...wish, replaceOnChanges: ["spec.size"] });

    expect(verdict.replaceKeys).toEqual(["spec"]);
  });

  it("lets the program's deleteBeforeReplace win over the provider's", () => {
    const diff = { ...change, replaceKeys: ["spec"], deleteBeforeReplace: true };

    expect(verdictOf(diff, { ...wish, deleteBeforeReplace: false }).deleteBeforeReplace).toBe(false);
  });

  it("names every differing property once", () => {
    const diff = {
      ...change,
      detailedDiff: { ...change.detailedDiff, "spec.color": { kind: "add" as const, inputDiff: true } },
    };

    expect(verdictOf(diff, wish).diffs).toEqual(["spec"]);
  });
});
