import { updateStoresWorkflow } from "@medusajs/core-flows";
import { Modules } from "@medusajs/framework/utils";
import { marketOf } from "../catalogue/places.ts";
import type { SeedContext } from "./seed.ts";

/** Gives Medusa's default store its name and currency. A changed name in the environment is carried over later too. */
export async function ensureStore({ container, environment, state }: SeedContext): Promise<void> {
  const applied = await state.value("store-name");
  if (applied === environment.storeName) return;
  const [store] = await container.resolve(Modules.STORE).listStores({}, { take: 1 });
  if (!store) throw new Error("Medusa made no default store; look for an earlier error in this log.");
  // Renamed by the merchant in the panel: theirs counts.
  const renamed = applied !== undefined && store.name !== applied;
  const { pricesIncludeTax } = marketOf(environment.country);
  if (!renamed) {
    await updateStoresWorkflow(container).run({
      input: {
        selector: { id: store.id },
        update: {
          name: environment.storeName,
          ...(applied === undefined
            ? {
                supported_currencies: [
                  { currency_code: environment.currency, is_default: true, is_tax_inclusive: pricesIncludeTax },
                ],
              }
            : {}),
        },
      },
    });
  }
  await state.remember("store-name", environment.storeName);
}

/** The channel that the storefront, the stock and the sample products belong to. Medusa makes it at its first start. */
export async function defaultSalesChannelId({ container }: Pick<SeedContext, "container">): Promise<string> {
  const [store] = await container.resolve(Modules.STORE).listStores({}, { take: 1 });
  const id = store?.default_sales_channel_id;
  if (!id) throw new Error("The store has no default sales channel; choose one in the admin panel.");
  return id;
}
