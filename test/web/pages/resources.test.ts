import { describe, expect, it } from "vitest";
import { edgesOf, kindOf, listed, placesOf } from "../../../web/src/pages/store/resources.ts";

const make = (urn: string, parent?: string, dependencies: string[] = []) => ({
  urn,
  name: urn,
  type: "kubernetes:core/v1:Namespace",
  dependencies,
  ...(parent === undefined ? {} : { parent }),
});
const resources = [
  make("stack"),
  make("one", "stack"),
  make("two", "stack", ["one"]),
  make("inner", "one", ["one", "lost"]),
];

describe("the resources of a stack", () => {
  it("are listed below their parents", () => {
    expect(listed(resources).map(({ resource, depth }) => [resource.urn, depth])).toEqual([
      ["stack", 0],
      ["one", 1],
      ["inner", 2],
      ["two", 1],
    ]);
  });

  it("are joined to parents and to what they need, each once, and to nothing that is not there", () => {
    expect(edgesOf(resources)).toEqual([
      { from: "stack", to: "one", kind: "parent" },
      { from: "stack", to: "two", kind: "parent" },
      { from: "one", to: "two", kind: "needs" },
      { from: "one", to: "inner", kind: "parent" },
    ]);
  });

  it("stand right of everything that leads to them", () => {
    const places = placesOf(resources);

    expect(places.get("stack")?.column).toBe(0);
    expect(places.get("one")?.column).toBe(1);
    expect(places.get("two")?.column).toBe(2);
  });

  it("are named for what they are", () => {
    expect(kindOf("random:index/randomPassword:RandomPassword")).toBe("RandomPassword");
  });
});
