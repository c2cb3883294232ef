import { expect, it } from "vitest";
import { changeLines, propertyLines } from "../../../../toolchain/offline-engine/display/values.ts";
import { maskedSecrets, toJson } from "../../../../toolchain/offline-engine/value-json.ts";
import { Secret, UNKNOWN } from "../../../../toolchain/offline-engine/values.ts";

it("aligns properties and hides secrets", () => {
  const properties = {
    a: 1,
    longer: toJson(new Secret("x"), maskedSecrets),
    list: ["x"],
    unknown: toJson(UNKNOWN, maskedSecrets),
  };

  expect(propertyLines(properties, 2)).toEqual([
    "  a      : 1",
    '  list   : [\n      [0]: "x"\n  ]',
    "  longer : [secret]",
    "  unknown: [unknown]",
  ]);
});

it("marks what is new, gone and another, at every depth", () => {
  const lines = changeLines({ a: 1, b: { c: "x", d: 1 }, gone: true }, { a: 1, b: { c: "y", d: 1 }, fresh: true }, 4, {
    all: false,
  });

  expect(lines).toEqual(['  ~ b    : {\n      ~ c: "x" => "y"\n    }', "  + fresh: true", "  - gone : true"]);
});
