import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deletionRounds, dependentsOf, needsOf } from "../../../../toolchain/offline-engine/deployment/deletions.ts";
import type { Resource } from "../../../../toolchain/offline-engine/deployment/resource.ts";
import { makeResource } from "../resources.ts";

const urnOf = (name: string) => makeResource(name).urn;
const names = (rounds: Resource[][]) => rounds.map((round) => round.map(({ id }) => id).sort());

describe("rounds of deletions", () => {
  it("deletes children before parents and dependents before dependencies", () => {
    const stack = makeResource("stack");
    const parent = makeResource("parent", { parent: urnOf("stack") });
    const child = makeResource("child", { parent: urnOf("parent") });
    const user = makeResource("user", { parent: urnOf("stack"), dependencies: [urnOf("child")] });

    expect(names(deletionRounds([stack, parent, child, user]))).toEqual([["user"], ["child"], ["parent"], ["stack"]]);
  });

  it("deletes at once what does not depend on each other", () => {
    const root = makeResource("root");
    const [left, right] = [
      makeResource("left", { parent: urnOf("root") }),
      makeResource("right", { parent: urnOf("root") }),
    ];

    expect(names(deletionRounds([root, left, right]))).toEqual([["left", "right"], ["root"]]);
  });

  it("deletes a provider after everything it manages", () => {
    const provider = makeResource("default", { type: "pulumi:providers:random" });
    const managed = makeResource("pet", { provider: `${provider.urn}::id` });

    expect(names(deletionRounds([provider, managed]))).toEqual([["pet"], ["default"]]);
  });

  it("never deletes anything before what needs it, whatever the graph", () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 8 }), { maxLength: 4 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(graphs, (graph) => {
        const resources = graph.map((needs, index) =>
          makeResource(`r${index}`, {
            dependencies: needs.filter((need) => need < index).map((need) => urnOf(`r${need}`)),
          }),
        );

        const order = deletionRounds(resources);

        expect(order.flat()).toHaveLength(resources.length);
        const roundOf = new Map(order.flatMap((round, index) => round.map(({ urn }) => [urn, index] as const)));
        for (const resource of resources) {
          for (const need of needsOf(resource))
            expect(roundOf.get(need)).toBeGreaterThan(roundOf.get(resource.urn) ?? 0);
        }
      }),
    );
  });
});

it("finds dependents through other dependents", () => {
  const root = makeResource("root");
  const middle = makeResource("middle", { propertyDependencies: { name: [root.urn] } });
  const leaf = makeResource("leaf", { dependencies: [middle.urn] });

  expect(dependentsOf(root, [root, middle, makeResource("other"), leaf]).map(({ id }) => id)).toEqual([
    "middle",
    "leaf",
  ]);
});
