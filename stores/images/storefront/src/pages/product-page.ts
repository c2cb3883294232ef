import { html, raw } from "hono/html";
import type { Product, Variant } from "../medusa/shapes.ts";
import { formatMoney } from "../money.ts";
import {
  availableOf,
  type Choice,
  choiceOf,
  chosenVariant,
  formerPriceOf,
  mostPerLine,
  type OptionGroup,
  optionGroups,
  priceOf,
} from "../offer.ts";
import { categoryPath, type Html } from "./layout.ts";
import { picture } from "./picture.ts";

export interface ProductView {
  readonly product: Product;
  readonly choice: Choice;
  readonly quantity: number;
  /** Why the last attempt to add it to the cart failed. */
  readonly problem?: string;
}

export function productPage({ product, choice, quantity, problem }: ProductView): Html {
  const variant = chosenVariant(product, choice);
  const [category] = product.categories;
  return html`${
    category
      ? html`<nav class="trail" aria-label="Breadcrumb"><a href="/">All</a> <span aria-hidden="true">/</span> <a href="${categoryPath(category.handle)}">${category.name}</a></nav>`
      : ""
  }
<article class="product">
<div class="gallery">${pictures(product)}</div>
<div class="buy">
<h1>${product.title}</h1>
${product.subtitle ? html`<p class="lead">${product.subtitle}</p>` : ""}
<p class="price large" id="price" aria-live="polite">${price(variant)}</p>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ""}
<form method="post" action="/cart/add" class="offer" data-variants="${JSON.stringify(product.variants.map((one) => forScript(product, one)))}">
<input type="hidden" name="product" value="${product.handle}">
${optionGroups(product).map((group, position) => options(group, position, choice))}
<div class="row">
<div class="field"><label for="quantity">Quantity</label>
<input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="${mostPerLine}" value="${quantity}" required></div>
<button class="button" type="submit"${variant && availableOf(variant) === 0 ? raw(" disabled") : ""}>Add to cart</button>
</div>
<p class="stock" id="stock" aria-live="polite">${stock(variant)}</p>
</form>
<div class="description">${product.description
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((paragraph) => html`<p>${paragraph}</p>`)}
${product.material ? html`<dl><dt>Material</dt><dd>${product.material}</dd></dl>` : ""}
</div>
</div>
</article>`;
}

function pictures(product: Product): Html[] {
  const urls = product.images.length > 0 ? product.images.map(({ url }) => url) : [product.thumbnail];
  return urls.map((url, position) =>
    picture(url, position === 0 ? product.title : `${product.title}, picture ${position + 1}`, {
      lazy: position > 0,
      sizes: "(min-width: 60rem) 36rem, 100vw",
    }),
  );
}

function options({ title, values }: OptionGroup, group: number, choice: Choice): Html {
  return html`<fieldset class="options"><legend>${title}</legend><div class="pills">
${values.map(
  ({ value, price: own, soldOut }, position) => html`<div class="pill">
<input type="radio" id="option-${group}-${position}" name="option.${title}" value="${value}" required${choice[title] === value ? raw(" checked") : ""}>
<label for="option-${group}-${position}"${soldOut ? raw(' class="gone"') : ""}>${value}${own ? html` <span class="own">${formatMoney(own)}</span>` : ""}${soldOut ? html`<span class="hidden"> (sold out)</span>` : ""}</label>
</div>`,
)}
</div></fieldset>`;
}

function price(variant: Variant | undefined): Html | string {
  const now = variant && priceOf(variant);
  if (!now) return variant ? "Not for sale yet" : "Choose an option";
  const former = formerPriceOf(variant);
  return former
    ? html`<span class="hidden">Now </span>${formatMoney(now)} <s><span class="hidden">was </span>${formatMoney(former)}</s>`
    : formatMoney(now);
}

/** A number only when it is small enough to matter. */
const fewLeft = 5;

export function stock(variant: Variant | undefined): string {
  if (!variant) return "This combination is not made.";
  const available = availableOf(variant);
  if (available === 0) return "Sold out at the moment.";
  return available <= fewLeft ? `Only ${available} left.` : "In stock, ready to send.";
}

/** What the script needs to change price and stock as the customer chooses. */
function forScript(product: Product, variant: Variant) {
  const now = priceOf(variant);
  return {
    choice: choiceOf(product, variant),
    price: now ? formatMoney(now) : "Not for sale yet",
    stock: stock(variant),
    available: availableOf(variant),
  };
}
