import { expect, it } from "vitest";
import { option, requireKnown } from "../../../toolchain/commands/command.ts";

it("reads an option's value in both spellings", () => {
  expect(option(["--context", "kind"], "context")).toBe("kind");
  expect(option(["--context=kind"], "context")).toBe("kind");
  expect(option([], "context")).toBeUndefined();
});

it("refuses what it does not know, so that a typing error is never ignored", () => {
  expect(() => requireKnown(["--jsno"], ["--json"])).toThrow('"--jsno" is not an option of this command.');
});

it("refuses an option without its value", () => {
  expect(() => requireKnown(["--context"], [], ["--context"])).toThrow("--context needs a value.");
  expect(() => requireKnown(["--context", "--json"], ["--json"], ["--context"])).toThrow("--context needs a value.");
});
