import { createRegionsWorkflow, createTaxRegionsWorkflow } from "@medusajs/core-flows";
import { Modules } from "@medusajs/framework/utils";
import { marketOf, taxRateOf } from "../catalogue/places.ts";
import type { SeedContext } from "./seed.ts";

/** One region for the market of the store's country, paid on delivery, with each country's standard tax rate. */
export async function ensureRegion({ container, environment }: SeedContext): Promise<void> {
  const market = marketOf(environment.country);
  const regions = await container.resolve(Modules.REGION).listRegions({ name: market.name });
  if (regions.length === 0) {
    await createRegionsWorkflow(container).run({
      input: {
        regions: [
          {
            name: market.name,
            currency_code: environment.currency,
            countries: [...market.countries],
            payment_providers: ["pp_system_default"],
            automatic_taxes: true,
            is_tax_inclusive: market.pricesIncludeTax,
          },
        ],
      },
    });
  }
  const taxRegions = await container.resolve(Modules.TAX).listTaxRegions({ country_code: [...market.countries] });
  const known = new Set(taxRegions.map((region) => region.country_code));
  const missing = market.countries.filter((country) => !known.has(country));
  if (missing.length === 0) return;
  await createTaxRegionsWorkflow(container).run({
    input: missing.map((country) => {
      const rate = taxRateOf(country);
      return {
        country_code: country,
        provider_id: "tp_system",
        ...(rate === undefined ? {} : { default_tax_rate: { name: "Standard", code: `standard-${country}`, rate } }),
      };
    }),
  });
}
