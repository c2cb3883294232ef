import { describe, expect, it } from "vitest";
import { objectRules } from "../../../infra/policy-pack/object-rules.ts";
import { stackRules } from "../../../infra/policy-pack/stack-rules.ts";
import * as examples from "./examples.ts";

describe("each rule for objects", () => {
  it("has examples", () => {
    expect(Object.keys(examples.forObjects).sort()).toEqual(Object.keys(objectRules).sort());
  });

  it.each(Object.entries(examples.forObjects))("%s: takes what is right and refuses what is not", (name, example) => {
    const rule = objectRules[name];

    for (const right of example.right) expect(rule?.violations(right)).toEqual([]);
    for (const [wrong, said] of example.wrong) expect(rule?.violations(wrong)).toEqual([expect.stringContaining(said)]);
  });
});

describe("each rule for stacks", () => {
  it("has examples", () => {
    expect(Object.keys(examples.forStacks).sort()).toEqual(Object.keys(stackRules).sort());
  });

  it.each(Object.entries(examples.forStacks))("%s: takes what is right and refuses what is not", (name, example) => {
    const rule = stackRules[name];

    for (const right of example.right) expect(rule?.violations(right)).toEqual([]);
    for (const [wrong, said] of example.wrong) expect(rule?.violations(wrong)).toEqual([expect.stringContaining(said)]);
  });
});
