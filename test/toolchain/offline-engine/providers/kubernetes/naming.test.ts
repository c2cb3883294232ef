import { describe, expect, it } from "vitest";
import { isAutonamed, named } from "../../../../../toolchain/offline-engine/providers/kubernetes/naming.ts";
import { UNKNOWN } from "../../../../../toolchain/offline-engine/values.ts";

describe("the name of an object", () => {
  it("is the program's when it gives one, known or not yet", () => {
    expect(named({ metadata: { name: "a" } }, undefined, "resource")).toEqual({ metadata: { name: "a" } });
    expect(named({ metadata: { name: UNKNOWN } }, undefined, "resource")).toEqual({ metadata: { name: UNKNOWN } });
  });

  it("is made of the resource's name otherwise, and marked", () => {
    const object = named({ metadata: { labels: { a: "1" } } }, undefined, "resource");

    expect(object).toMatchObject({
      metadata: { name: expect.stringMatching(/^resource-[0-9a-f]{8}$/), labels: { a: "1" } },
    });
    expect(isAutonamed(object)).toBe(true);
  });

  it("stays what it was made up to be", () => {
    const olds = named({}, undefined, "resource");

    expect(named({}, olds, "resource")).toEqual(olds);
  });

  it("cannot be left to the server", () => {
    expect(() => named({ metadata: { generateName: "a-" } }, undefined, "resource")).toThrow(/generateName/);
  });
});
