import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROBLEM_TYPES } from "../../../automation-api/contract/problem-types.ts";

const service = join(import.meta.dirname, "..", "..", "..", "automation-api");

/** Every `type: "…"` beside a problem in the code that makes problems. */
function typesInCode(): string[] {
  const files = ["use-cases", "http"].flatMap((folder) =>
    readdirSync(join(service, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(service, folder, name)),
  );
  const code = files.map((file) => readFileSync(file, "utf8")).join("\n");
  // Others that have a type are schemas of the OpenAPI document.
  const found = [...code.matchAll(/\btype: "([a-z-]+)"/g)].map(([, type]) => type ?? "");
  return found.filter((type) => !["string", "http"].includes(type));
}

describe("the kinds of problems", () => {
  it("are explained, each one that the code names", () => {
    const unexplained = typesInCode().filter((type) => !(type in PROBLEM_TYPES));

    expect(typesInCode().length).toBeGreaterThan(15);
    expect(unexplained).toEqual([]);
  });
});
