import {
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} from "@medusajs/core-flows";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { marketOf } from "../catalogue/places.ts";
import { priceIn } from "../catalogue/prices.ts";
import type { SeedContext } from "./seed.ts";
import { defaultSalesChannelId } from "./store.ts";

const deliveries = [
  {
    name: "Standard delivery",
    label: "Standard",
    description: "Arrives in 3 to 5 working days.",
    code: "standard",
    euros: 4.9,
  },
  {
    name: "Express delivery",
    label: "Express",
    description: "Arrives the next working day.",
    code: "express",
    euros: 9.9,
  },
] as const;

/** A warehouse, linked to the channel, that sends parcels to the whole market by two deliveries at flat prices. */
export async function ensureFulfilment(context: SeedContext): Promise<void> {
  const { container } = context;
  const locationId = await ensureWarehouse(context);
  const profileId = await ensureShippingProfile(context);
  const zoneId = await ensureServiceZone(context, locationId);
  await ensureDeliveries(context, profileId, zoneId);
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: locationId, add: [await defaultSalesChannelId(context)] },
  });
}

const warehouseName = "Warehouse";

export async function ensureWarehouse({ container, environment }: SeedContext): Promise<string> {
  const [present] = await container.resolve(Modules.STOCK_LOCATION).listStockLocations({ name: warehouseName });
  const id = present?.id ?? (await createWarehouse());
  // Creating a link that exists changes nothing.
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.STOCK_LOCATION]: { stock_location_id: id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" },
  });
  return id;

  async function createWarehouse(): Promise<string> {
    const { result } = await createStockLocationsWorkflow(container).run({
      input: {
        locations: [
          { name: warehouseName, address: { country_code: environment.country.toUpperCase(), address_1: "" } },
        ],
      },
    });
    const [location] = result;
    if (!location) throw new Error("Medusa made no stock location.");
    const [store] = await container.resolve(Modules.STORE).listStores({}, { take: 1 });
    if (store) {
      await updateStoresWorkflow(container).run({
        input: { selector: { id: store.id }, update: { default_location_id: location.id } },
      });
    }
    return location.id;
  }
}

export async function ensureShippingProfile({ container }: Pick<SeedContext, "container">): Promise<string> {
  const [present] = await container.resolve(Modules.FULFILLMENT).listShippingProfiles({ type: "default" });
  if (present) return present.id;
  const { result } = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Parcels", type: "default" }] },
  });
  const [profile] = result;
  if (!profile) throw new Error("Medusa made no shipping profile.");
  return profile.id;
}

async function ensureServiceZone({ container, environment }: SeedContext, locationId: string): Promise<string> {
  const fulfilment = container.resolve(Modules.FULFILLMENT);
  const market = marketOf(environment.country);
  const name = "Delivery from the warehouse";
  const [present] = await fulfilment.listFulfillmentSets({ name }, { relations: ["service_zones"] });
  const set =
    present ??
    (await fulfilment.createFulfillmentSets({
      name,
      type: "shipping",
      service_zones: [
        {
          name: market.name,
          geo_zones: market.countries.map((country) => ({ type: "country" as const, country_code: country })),
        },
      ],
    }));
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.STOCK_LOCATION]: { stock_location_id: locationId },
    [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
  });
  const [zone] = set.service_zones;
  if (!zone) throw new Error("The fulfilment set of the warehouse has no service zone.");
  return zone.id;
}

async function ensureDeliveries(
  { container, environment }: SeedContext,
  profileId: string,
  zoneId: string,
): Promise<void> {
  const present = await container.resolve(Modules.FULFILLMENT).listShippingOptions({ service_zone: { id: zoneId } });
  const missing = deliveries.filter(({ name }) => !present.some((option) => option.name === name));
  if (missing.length === 0) return;
  await createShippingOptionsWorkflow(container).run({
    input: missing.map(({ name, label, description, code, euros }) => ({
      name,
      price_type: "flat" as const,
      provider_id: "manual_manual",
      service_zone_id: zoneId,
      shipping_profile_id: profileId,
      type: { label, description, code },
      prices: [{ currency_code: environment.currency, amount: priceIn(environment.currency, euros) }],
      rules: [
        { attribute: "enabled_in_store", value: "true", operator: "eq" as const },
        { attribute: "is_return", value: "false", operator: "eq" as const },
      ],
    })),
  });
}
