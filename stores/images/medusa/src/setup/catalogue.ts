import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createInventoryLevelsWorkflow,
  createProductCategoriesWorkflow,
  createProductsWorkflow,
} from "@medusajs/core-flows";
import { ContainerRegistrationKeys, Modules, ProductStatus } from "@medusajs/framework/utils";
import { priceIn } from "../catalogue/prices.ts";
import { type SampleProduct, sampleCategories, sampleProducts, variantsOf } from "../catalogue/products.ts";
import { fileAddress } from "../files/file-address.ts";
import { createFileStore } from "../files/file-store.ts";
import { ensureShippingProfile, ensureWarehouse } from "./fulfilment.ts";
import type { SeedContext } from "./seed.ts";
import { defaultSalesChannelId } from "./store.ts";

const pictures = join(__dirname, "..", "..", "pictures");

/** Categories, sample products with their pictures, and stock. Adds what is missing, by handle and by SKU. */
export async function ensureCatalogue(context: SeedContext): Promise<void> {
  const [categories, addresses] = await Promise.all([ensureCategories(context), storePictures(context)]);
  await ensureProducts(context, categories, addresses);
  await ensureStock(context);
}

async function ensureCategories({ container }: SeedContext): Promise<Map<string, string>> {
  const present = await container.resolve(Modules.PRODUCT).listProductCategories({ name: [...sampleCategories] });
  const missing = sampleCategories.filter((name) => !present.some((category) => category.name === name));
  const made =
    missing.length === 0
      ? []
      : await createProductCategoriesWorkflow(container)
          .run({ input: { product_categories: missing.map((name) => ({ name, is_active: true })) } })
          .then(({ result }) => result);
  return new Map([...present, ...made].map((category) => [category.name, category.id]));
}

/** Keeps the sample pictures like uploads and returns the address of each, by handle. */
async function storePictures({ container }: SeedContext): Promise<Map<string, string>> {
  const files = createFileStore(container.resolve(ContainerRegistrationKeys.PG_CONNECTION));
  const addresses = sampleProducts.map(async ({ handle }) => {
    const content = await readFile(join(pictures, `${handle}.svg`));
    // Browsers keep a file for good, so another picture needs another id.
    const version = createHash("sha256").update(content).digest("hex").slice(0, 8);
    const id = `sample-${version}-${handle}.svg`;
    await files.write({ id, mediaType: "image/svg+xml", private: false, content });
    return [handle, fileAddress(id)] as const;
  });
  return new Map(await Promise.all(addresses));
}

async function ensureProducts(
  context: SeedContext,
  categories: ReadonlyMap<string, string>,
  addresses: ReadonlyMap<string, string>,
): Promise<void> {
  const { container, environment } = context;
  const present = await container
    .resolve(Modules.PRODUCT)
    .listProducts({ handle: sampleProducts.map(({ handle }) => handle) }, { select: ["handle"] });
  const missing = sampleProducts.filter(({ handle }) => !present.some((product) => product.handle === handle));
  if (missing.length === 0) return;
  const salesChannelId = await defaultSalesChannelId(context);
  const shippingProfileId = await ensureShippingProfile(context);
  await createProductsWorkflow(container).run({
    input: {
      products: missing.map((product) => ({
        ...plainFields(product, addresses.get(product.handle)),
        status: ProductStatus.PUBLISHED,
        category_ids: [categories.get(product.category) ?? []].flat(),
        sales_channels: [{ id: salesChannelId }],
        shipping_profile_id: shippingProfileId,
        options: Object.entries(product.options).map(([title, values]) => ({ title, values: [...values] })),
        variants: variantsOf(product).map(({ euros, ...variant }, position) => ({
          ...variant,
          variant_rank: position,
          manage_inventory: true,
          prices: [{ currency_code: environment.currency, amount: priceIn(environment.currency, euros) }],
        })),
      })),
    },
  });
}

function plainFields(product: SampleProduct, picture: string | undefined) {
  const { handle, title, subtitle, description, material, weight } = product;
  return {
    ...{ handle, title, subtitle, description, material, weight },
    ...(picture ? { thumbnail: picture, images: [{ url: picture }] } : {}),
  };
}

async function ensureStock(context: SeedContext): Promise<void> {
  const { container } = context;
  const stock = new Map(
    sampleProducts.flatMap((product) => variantsOf(product).map(({ sku }) => [sku, product.stock] as const)),
  );
  const inventory = container.resolve(Modules.INVENTORY);
  const items = await inventory.listInventoryItems({ sku: [...stock.keys()] }, { take: stock.size });
  const locationId = await ensureWarehouse(context);
  const levels = await inventory.listInventoryLevels({ location_id: locationId }, { take: null });
  const stocked = new Set(levels.map((level) => level.inventory_item_id));
  const missing = items.filter((item) => !stocked.has(item.id));
  if (missing.length === 0) return;
  await createInventoryLevelsWorkflow(container).run({
    input: {
      inventory_levels: missing.map((item) => ({
        inventory_item_id: item.id,
        location_id: locationId,
        stocked_quantity: stock.get(item.sku ?? "") ?? 0,
      })),
    },
  });
}
