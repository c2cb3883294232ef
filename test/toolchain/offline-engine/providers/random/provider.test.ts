import { describe, expect, it } from "vitest";
import { createRandomProvider } from "../../../../../toolchain/offline-engine/providers/random/provider.ts";
import type { Properties } from "../../../../../toolchain/offline-engine/values.ts";
import { UNKNOWN } from "../../../../../toolchain/offline-engine/values.ts";

const provider = createRandomProvider();

function callFor(kind: string) {
  const type = `random:index/random${kind}:Random${kind}`;
  return {
    urn: `urn:pulumi:dev::test::${type}::x`,
    type,
    name: "x",
    signal: new AbortController().signal,
    log: () => {},
  };
}

function create(kind: string, inputs: Properties, preview = false) {
  return provider.create({ ...callFor(kind), inputs, preview, timeoutSeconds: undefined });
}

describe("random resources", () => {
  it("makes passwords with the wished characters, and a hash of them", async () => {
    const { id, outputs } = await create("Password", { length: 30, special: false, minNumeric: 10, upper: false });

    expect(id).toBe("none");
    expect(outputs.result).toMatch(/^[a-z0-9]{30}$/);
    expect(String(outputs.result).replace(/\D/g, "").length).toBeGreaterThanOrEqual(10);
    expect(outputs.bcryptHash).toMatch(/^\$2[ab]\$10\$/);
    expect(provider.secretOutputs(callFor("Password").type)).toEqual(["bcryptHash", "result"]);
  });

  it.each([
    ["String", { length: 8 }, "result", /^.{8}$/],
    ["Uuid", {}, "result", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ["Id", { byteLength: 4, prefix: "p-" }, "hex", /^p-[0-9a-f]{8}$/],
    ["Bytes", { length: 6 }, "base64", /^[\w+/]{8}$/],
    ["Integer", { min: 5, max: 7 }, "result", /^[567]$/],
  ])("makes a %s", async (kind, inputs, property, form) => {
    expect(String((await create(kind, inputs)).outputs[property])).toMatch(form);
  });

  it("names a pet with as many words as wished", async () => {
    expect((await create("Pet", { length: 4, prefix: "my", separator: "_" })).id).toMatch(/^my(_[a-z]+){4}$/);
  });

  it("gives the same number for the same seed", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => create("Integer", { min: 1, max: 1_000_000, seed: "s" })),
    );

    expect(first?.id).toBe(second?.id);
  });

  it("knows in a preview only what is not random", async () => {
    const { id, outputs } = await create("String", { length: 5, keepers: { pet: UNKNOWN } }, true);

    expect([id, outputs.length, outputs.result]).toEqual(["", 5, UNKNOWN]);
  });

  it("makes a new value when any input changes", async () => {
    const olds = { length: 5, keepers: { a: "1" } };
    const ask = (newInputs: Properties, ignoreChanges: string[] = []) =>
      provider.diff({ ...callFor("String"), id: "x", oldInputs: olds, oldOutputs: olds, newInputs, ignoreChanges });

    expect((await ask({ length: 5, keepers: { a: "2" } })).replaceKeys).toEqual(["keepers"]);
    expect((await ask(olds)).changes).toBe(false);
    expect((await ask({ length: 6, keepers: { a: "1" } }, ["length"])).changes).toBe(false);
  });

  it.each([
    ["String", {}, "length"],
    ["String", { length: 0 }, "length"],
    ["String", { length: 3, colour: "red" }, "colour"],
    ["Integer", { min: 3, max: 1 }, "max"],
  ])("says what is wrong with a %s of %j", async (kind, news, property) => {
    const { failures } = await provider.check({ ...callFor(kind), olds: undefined, news, preview: false });

    expect(failures.map((failure) => failure.property)).toEqual([property]);
  });
});
