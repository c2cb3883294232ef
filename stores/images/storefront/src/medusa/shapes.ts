import { z } from "zod";

// The parts of Medusa's answers that the storefront uses. Everything else in them is ignored.

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const amount = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

export const regionShape = z.object({
  id: z.string(),
  currency_code: z.string(),
  countries: z.array(z.object({ iso_2: z.string() })).default([]),
});

export const categoryShape = z.object({ id: z.string(), name: z.string(), handle: z.string() });

export const variantShape = z.object({
  id: z.string(),
  title: text,
  sku: text,
  variant_rank: z.number().nullish(),
  manage_inventory: z.boolean().nullish(),
  allow_backorder: z.boolean().nullish(),
  inventory_quantity: z.number().nullish(),
  options: z
    .array(z.object({ value: z.string(), option_id: z.string().nullish() }))
    .nullish()
    .transform((options) => options ?? []),
  calculated_price: z
    .object({
      calculated_amount: z.number().nullish(),
      original_amount: z.number().nullish(),
      currency_code: z.string().nullish(),
    })
    .nullish(),
});

export const productShape = z.object({
  id: z.string(),
  title: z.string(),
  handle: z.string(),
  subtitle: text,
  description: text,
  thumbnail: text,
  material: text,
  images: z
    .array(z.object({ url: z.string() }))
    .nullish()
    .transform((images) => images ?? []),
  options: z
    .array(z.object({ id: z.string(), title: z.string(), values: z.array(z.object({ value: z.string() })).nullish() }))
    .nullish()
    .transform((options) => options ?? []),
  variants: z
    .array(variantShape)
    .nullish()
    .transform((variants) => (variants ?? []).sort((a, b) => (a.variant_rank ?? 0) - (b.variant_rank ?? 0))),
  categories: z
    .array(categoryShape)
    .nullish()
    .transform((categories) => categories ?? []),
});

export const lineShape = z.object({
  id: z.string(),
  variant_id: text,
  product_title: text,
  product_handle: text,
  variant_title: text,
  title: text,
  thumbnail: text,
  quantity: z.number(),
  unit_price: z.number(),
  total: z.number().nullish(),
});

export const addressShape = z.object({
  first_name: text,
  last_name: text,
  address_1: text,
  address_2: text,
  postal_code: text,
  city: text,
  province: text,
  country_code: text,
  phone: text,
});

const totals = {
  currency_code: z.string(),
  item_total: amount,
  shipping_total: amount,
  tax_total: amount,
  discount_total: amount,
  total: amount,
};

export const cartShape = z.object({
  id: z.string(),
  email: text,
  completed_at: z.string().nullish(),
  region_id: text,
  items: z
    .array(lineShape)
    .nullish()
    .transform((items) => items ?? []),
  shipping_address: addressShape.nullish(),
  shipping_methods: z
    .array(z.object({ id: z.string(), shipping_option_id: z.string().nullish() }))
    .nullish()
    .transform((methods) => methods ?? []),
  ...totals,
});

export const orderShape = z.object({
  id: z.string(),
  display_id: z.number(),
  email: text,
  items: z
    .array(lineShape)
    .nullish()
    .transform((items) => items ?? []),
  shipping_address: addressShape.nullish(),
  shipping_methods: z
    .array(z.object({ name: text }))
    .nullish()
    .transform((methods) => methods ?? []),
  ...totals,
});

export const shippingOptionShape = z.object({
  id: z.string(),
  name: z.string(),
  amount,
  type: z.object({ description: text }).nullish(),
});

export type Region = z.infer<typeof regionShape>;
export type Category = z.infer<typeof categoryShape>;
export type Variant = z.infer<typeof variantShape>;
export type Product = z.infer<typeof productShape>;
export type Line = z.infer<typeof lineShape>;
export type Address = z.infer<typeof addressShape>;
export type Cart = z.infer<typeof cartShape>;
export type Order = z.infer<typeof orderShape>;
export type ShippingOption = z.infer<typeof shippingOptionShape>;
