import type { Product, Variant } from "./medusa/shapes.ts";
import type { Money } from "./money.ts";

/** More of one thing than this in one go is a mistake or a wholesale order. */
export const mostPerLine = 20;

export function priceOf(variant: Variant): Money | undefined {
  const price = variant.calculated_price;
  if (typeof price?.calculated_amount !== "number" || !price.currency_code) return undefined;
  return { amount: price.calculated_amount, currency: price.currency_code };
}

/** What it cost before a sale; undefined when it is not on sale. */
export function formerPriceOf(variant: Variant): Money | undefined {
  const price = priceOf(variant);
  const original = variant.calculated_price?.original_amount;
  return price && typeof original === "number" && original > price.amount ? { ...price, amount: original } : undefined;
}

/** How many of a variant can be ordered now. */
export function availableOf(variant: Variant): number {
  if (!variant.manage_inventory || variant.allow_backorder) return mostPerLine;
  return Math.max(0, Math.min(mostPerLine, variant.inventory_quantity ?? 0));
}

export interface PriceRange {
  readonly lowest: Money;
  /** False when some variant costs more than `lowest`. */
  readonly single: boolean;
}

export function priceRangeOf(product: Product): PriceRange | undefined {
  const prices = product.variants.map(priceOf).filter((price) => price !== undefined);
  const [first, ...others] = [...prices].sort((a, b) => a.amount - b.amount);
  return first && { lowest: first, single: others.every((other) => other.amount === first.amount) };
}

export function isSoldOut(product: Product): boolean {
  return product.variants.every((variant) => availableOf(variant) === 0);
}

/** What was chosen for each option of a product, by the option's title. */
export type Choice = Readonly<Record<string, string>>;

export function choiceOf(product: Product, variant: Variant): Choice {
  return Object.fromEntries(
    product.options.map((option) => [
      option.title,
      variant.options.find((value) => value.option_id === option.id)?.value ?? "",
    ]),
  );
}

/** The variant that a customer has chosen; undefined when no such combination is offered. */
export function chosenVariant(product: Product, choice: Choice): Variant | undefined {
  if (product.variants.length === 1) return product.variants[0];
  return product.variants.find((variant) =>
    Object.entries(choiceOf(product, variant)).every(([title, value]) => choice[title] === value),
  );
}

/** Chosen before the customer chooses: the first that can be had. */
export function firstChoice(product: Product): Variant | undefined {
  return product.variants.find((variant) => availableOf(variant) > 0) ?? product.variants[0];
}

export interface OptionGroup {
  readonly title: string;
  readonly values: readonly OptionValue[];
}

export interface OptionValue {
  readonly value: string;
  /** Set where the value alone decides the price and prices differ. */
  readonly price: Money | undefined;
  readonly soldOut: boolean;
}

/** The choices a product page offers, in the order in which the variants were made. */
export function optionGroups(product: Product): OptionGroup[] {
  if (product.variants.length < 2) return [];
  const pricesDiffer = priceRangeOf(product)?.single === false;
  return product.options.map((option) => {
    const variantsOf = (value: string) =>
      product.variants.filter((variant) => choiceOf(product, variant)[option.title] === value);
    const values = [...new Set(product.variants.map((variant) => choiceOf(product, variant)[option.title] ?? ""))];
    return {
      title: option.title,
      values: values.map((value) => {
        const [only, ...others] = variantsOf(value);
        return {
          value,
          price: pricesDiffer && only && others.length === 0 ? priceOf(only) : undefined,
          soldOut: variantsOf(value).every((variant) => availableOf(variant) === 0),
        };
      }),
    };
  });
}
