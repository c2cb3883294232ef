/**
 * Where a new store sells to. A store in the European single market sells to all of it, any other to its own country;
 * the merchant changes that in the admin panel.
 */
export interface Market {
  readonly name: string;
  /** ISO 3166-1 alpha-2 in lower case. */
  readonly countries: readonly string[];
  /** Whether prices are shown with tax, as consumer law demands in Europe. */
  readonly pricesIncludeTax: boolean;
}

/** Standard rate of value added tax in percent, 2026. Where no rate is known a store starts without tax. */
const standardTaxRates: Readonly<Record<string, number>> = {
  at: 20,
  be: 21,
  bg: 20,
  hr: 25,
  cy: 19,
  cz: 21,
  dk: 25,
  ee: 24,
  fi: 25.5,
  fr: 20,
  de: 19,
  gr: 24,
  hu: 27,
  ie: 23,
  it: 22,
  lv: 21,
  lt: 21,
  lu: 17,
  mt: 18,
  nl: 21,
  pl: 23,
  pt: 23,
  ro: 21,
  sk: 23,
  si: 22,
  es: 21,
  se: 25,
  gb: 20,
  ch: 8.1,
  no: 25,
  is: 24,
  au: 10,
  nz: 15,
  in: 18,
  jp: 10,
}; // prettier-ignore

const singleMarket = [
  "at",
  "be",
  "bg",
  "hr",
  "cy",
  "cz",
  "dk",
  "ee",
  "fi",
  "fr",
  "de",
  "gr",
  "hu",
  "ie",
  "it",
  "lv",
  "lt",
  "lu",
  "mt",
  "nl",
  "pl",
  "pt",
  "ro",
  "sk",
  "si",
  "es",
  "se",
]; // prettier-ignore

export function marketOf(country: string): Market {
  if (singleMarket.includes(country)) return { name: "Europe", countries: singleMarket, pricesIncludeTax: true };
  const name = new Intl.DisplayNames("en", { type: "region" }).of(country.toUpperCase()) ?? country.toUpperCase();
  return { name, countries: [country], pricesIncludeTax: country !== "us" && country !== "ca" };
}

export function taxRateOf(country: string): number | undefined {
  return standardTaxRates[country];
}
