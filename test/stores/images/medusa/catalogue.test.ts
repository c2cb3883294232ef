import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { marketOf, taxRateOf } from "../../../../stores/images/medusa/src/catalogue/places.ts";
import { priceIn } from "../../../../stores/images/medusa/src/catalogue/prices.ts";
import {
  sampleCategories,
  sampleProducts,
  variantsOf,
} from "../../../../stores/images/medusa/src/catalogue/products.ts";

const pictures = join(import.meta.dirname, "../../../../stores/images/medusa/pictures");

it("offers eight products, each in a known category, with a picture that says what it shows", () => {
  expect(sampleProducts).toHaveLength(8);
  for (const product of sampleProducts) {
    const picture = join(pictures, `${product.handle}.svg`);
    expect(sampleCategories).toContain(product.category);
    expect(existsSync(picture), picture).toBe(true);
    expect(readFileSync(picture, "utf8")).toMatch(/<title>.+<\/title>/);
  }
});

it("gives every variant of the catalogue a price and a SKU of its own", () => {
  const variants = sampleProducts.flatMap(variantsOf);

  expect(new Set(variants.map(({ sku }) => sku)).size).toBe(variants.length);
  expect(variants.every(({ euros }) => euros > 0)).toBe(true);
});

it("lists combinations as a person would, and prices by the first option", () => {
  const shirt = sampleProducts.find(({ handle }) => handle === "everyday-t-shirt")!;
  const board = sampleProducts.find(({ handle }) => handle === "oak-serving-board")!;

  expect(
    variantsOf(shirt)
      .map(({ title }) => title)
      .slice(0, 3),
  ).toEqual(["S / White", "S / Navy", "M / White"]);
  expect(variantsOf(board).map(({ euros }) => euros)).toEqual([46, 64]);
});

it("sells to the whole single market from a member, to its own country from elsewhere", () => {
  expect(marketOf("de")).toMatchObject({ name: "Europe", pricesIncludeTax: true });
  expect(marketOf("de").countries).toHaveLength(27);
  expect(marketOf("jp")).toEqual({ name: "Japan", countries: ["jp"], pricesIncludeTax: true });
  expect(marketOf("us").pricesIncludeTax).toBe(false);
});

it("knows a tax rate for every country of the single market and none where it would be a guess", () => {
  expect(marketOf("fr").countries.filter((country) => taxRateOf(country) === undefined)).toEqual([]);
  expect(taxRateOf("us")).toBeUndefined();
});

it.each([
  ["eur", 4.9, 4.9],
  ["usd", 22, 22],
  ["jpy", 4.9, 735],
])("asks a sensible price in %s", (currency, euros, expected) => {
  expect(priceIn(currency, euros)).toBe(expected);
});
