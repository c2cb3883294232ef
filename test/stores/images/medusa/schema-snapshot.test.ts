import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../../../stores/images/medusa");
const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

it("holds the schema of the Medusa that is pinned, so that a store is not set up the slow way", () => {
  const [firstLine] = readFileSync(join(folder, "schema.sql"), "utf8").split("\n");

  expect(firstLine).toMatch(new RegExp(`^-- medusa ${dependencies["@medusajs/medusa"]} migrations [0-9a-f]{16}$`));
});

it("stays on the last release that is MIT throughout", () => {
  expect(dependencies["@medusajs/medusa"]).toBe("2.18.0");
  expect(dependencies["@medusajs/framework"]).toBe("2.18.0");
});

it.each(["medusa", "storefront"])("locks %s without the address of a registry", (image) => {
  expect(readFileSync(join(folder, "..", image, "package-lock.json"), "utf8")).not.toContain('"resolved"');
});
