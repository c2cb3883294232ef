import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../../toolchain/offline-engine/cli/arguments.ts";

const kinds = { json: "switch", secret: "values", plaintext: "values", message: "value" } as const;

describe("arguments of a command", () => {
  it("tells words from flags, wherever they stand", () => {
    const given = parseArguments("stack output", ["--json", "name", "-s", "dev"], kinds);

    expect([given.words, given.has("json"), given.value("stack")]).toEqual([["name"], true, "dev"]);
  });

  it("keeps the order of repeated flags", () => {
    const given = parseArguments(
      "config set-all",
      ["--plaintext", "a=1", "--secret=b=2", "--plaintext", "c=-3"],
      kinds,
    );

    expect(given.ordered.map(({ value }) => value)).toEqual(["a=1", "b=2", "c=-3"]);
  });

  it("takes everything after -- as words", () => {
    expect(parseArguments("config set", ["key", "--", "--value"], kinds).words).toEqual(["key", "--value"]);
  });

  it("refuses a flag it does not know by name and says where to get the real CLI", () => {
    expect(() => parseArguments("up", ["--target", "x"], kinds)).toThrow(/--target of 'pulumi up'.*real Pulumi CLI/);
  });

  it("takes --switch=false for no", () => {
    expect(parseArguments("up", ["--json=false"], kinds).has("json")).toBe(false);
  });
});
