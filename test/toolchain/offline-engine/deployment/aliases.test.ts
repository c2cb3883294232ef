import { expect, it } from "vitest";
import { formerUrns } from "../../../../toolchain/offline-engine/deployment/aliases.ts";
import type { Goal } from "../../../../toolchain/offline-engine/deployment/goal.ts";

const place = { stack: "dev", project: "test" };
const stack = "urn:pulumi:dev::test::pulumi:pulumi:Stack::test-dev";

function makeGoal(wish: Partial<Goal>): Goal {
  return {
    ...{ type: "random:index:Pet", name: "pet", custom: true, parent: stack, properties: {}, protect: false },
    ...{ dependencies: [], propertyDependencies: {}, provider: "", version: "", pluginDownloadUrl: "" },
    ...{ deleteBeforeReplace: undefined, ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [] },
    ...{
      aliases: [],
      customTimeouts: undefined,
      retainOnDelete: false,
      deletedWith: "",
      sourcePosition: "",
      stackTrace: [],
    },
    ...wish,
  };
}

it("takes a whole URN as it is", () => {
  expect(formerUrns(makeGoal({ aliases: [{ urn: "urn:old" }] }), place, [])).toEqual(["urn:old"]);
});

it("fills in what an alias does not say", () => {
  expect(formerUrns(makeGoal({ aliases: [{ name: "old" }] }), place, [])).toEqual([
    "urn:pulumi:dev::test::random:index:Pet::old",
  ]);
});

it("follows a parent that was renamed", () => {
  const former = "urn:pulumi:dev::test::my:index:Pair::before";
  const goal = makeGoal({ parent: "urn:pulumi:dev::test::my:index:Pair::after", name: "after-pet" });

  expect(formerUrns(goal, place, [former])).toEqual([
    "urn:pulumi:dev::test::my:index:Pair$random:index:Pet::before-pet",
  ]);
});
