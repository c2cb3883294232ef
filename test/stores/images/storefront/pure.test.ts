import { expect, it } from "vitest";
import { createCache } from "../../../../stores/images/storefront/src/cache.ts";
import { emptyForm, validateCheckoutForm } from "../../../../stores/images/storefront/src/checkout-form.ts";
import { likelyCountry, namedCountries } from "../../../../stores/images/storefront/src/countries.ts";
import { parseEnvironment } from "../../../../stores/images/storefront/src/environment.ts";
import { formatMoney } from "../../../../stores/images/storefront/src/money.ts";
import { isSameOrigin } from "../../../../stores/images/storefront/src/security.ts";

it.each([
  [22, "eur", "€22.00"],
  [1234.5, "usd", "$1,234.50"],
  [735, "jpy", "¥735"],
])("writes %d %s as people do", (amount, currency, expected) => {
  expect(formatMoney({ amount, currency })).toBe(expected);
});

const allowed = { countries: ["de", "at"], shippingOptions: ["so_1"] };
const right = {
  ...emptyForm,
  email: "ada@example.org",
  firstName: "Ada",
  lastName: "Lovelace",
  address: "Main 1",
  postalCode: "10115",
  city: "Berlin",
  country: "de",
  shipping: "so_1",
};

it("accepts a complete checkout, with or without a phone number", () => {
  expect(validateCheckoutForm(right, allowed)).toEqual({});
  expect(validateCheckoutForm({ ...right, phone: "+49 (30) 123-456" }, allowed)).toEqual({});
});

it.each([
  ["email", "ada@example"],
  ["email", "ada example.org"],
  ["country", "us"],
  ["phone", "call me"],
  ["shipping", "so_2"],
  ["payment", "card"],
  ["city", ""],
] as const)("refuses %s %j with a sentence beside that field only", (field, value) => {
  const mistakes = validateCheckoutForm({ ...right, [field]: value }, allowed);

  expect(Object.keys(mistakes)).toEqual([field]);
  expect(mistakes[field]).toMatch(/^[A-Z].+\.$/);
});

it("lists countries by name and guesses the customer's from the browser's languages", () => {
  expect(namedCountries(["es", "at", "de"]).map(({ name }) => name)).toEqual(["Austria", "Germany", "Spain"]);
  expect(likelyCountry("en-US,de-AT;q=0.8", ["at", "de"])).toBe("at");
  expect(likelyCountry("fr", ["at", "de"])).toBe("");
  expect(likelyCountry(undefined, ["jp"])).toBe("jp");
});

it("takes forms from the store's own origin or the host being talked to, and from nowhere else", () => {
  const store = "https://demo.example";

  expect(isSameOrigin("https://demo.example", "internal:8000", store)).toBe(true);
  expect(isSameOrigin("http://127.0.0.1:31000", "127.0.0.1:31000", store)).toBe(true);
  expect(isSameOrigin("https://evil.example", "demo.example", store)).toBe(false);
  expect(isSameOrigin("null", "demo.example", store)).toBe(false);
  expect(isSameOrigin(undefined, "demo.example", store)).toBe(false);
});

it("asks once for many askers, then gives the stale answer while a fresh one is fetched", async () => {
  let now = 0;
  let asked = 0;
  const cache = createCache<number>({ seconds: 5, now: () => now });
  const ask = () => cache.get("key", async () => ++asked);

  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  now = 6_000;
  expect(await ask()).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await ask()).toBe(2);
});

it("does not remember a failure", async () => {
  const cache = createCache<string>({ seconds: 5 });

  await expect(cache.get("key", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await cache.get("key", async () => "back")).toBe("back");
});

it("names every mistake in its environment at once", () => {
  expect(() => parseEnvironment({ MEDUSA_URL: "medusa", STORE_URL: "http://demo" })).toThrow(
    /MEDUSA_URL is not an address.*PUBLISHABLE_KEY is not set/,
  );
});
