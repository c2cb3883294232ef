import { html } from "hono/html";
import type { ProductPage } from "../medusa/catalogue.ts";
import type { Product } from "../medusa/shapes.ts";
import { formatMoney } from "../money.ts";
import { isSoldOut, priceRangeOf } from "../offer.ts";
import { type Html, productPath } from "./layout.ts";
import { picture } from "./picture.ts";

export interface CatalogueView {
  readonly heading: string;
  readonly lead?: string;
  readonly list: ProductPage;
  /** Address of another page of the same list. */
  readonly pageLink: (page: number) => string;
  /** Said where there is nothing to show. */
  readonly empty: string;
}

export function cataloguePage({ heading, lead, list, pageLink, empty }: CatalogueView): Html {
  return html`<div class="heading"><h1>${heading}</h1>${lead ? html`<p class="lead">${lead}</p>` : ""}</div>
${
  list.products.length === 0
    ? html`<div class="empty"><p>${empty}</p><p><a class="button quiet" href="/">See everything</a></p></div>`
    : html`<ul class="grid">${list.products.map((product, position) => card(product, position))}</ul>`
}
${pager(list, pageLink)}`;
}

/** Pictures on the first screen are loaded at once, the others when they come near. */
const firstScreen = 4;

function card(product: Product, position: number): Html {
  const range = priceRangeOf(product);
  return html`<li class="card">
${picture(product.thumbnail, "", { lazy: position >= firstScreen, sizes: "(min-width: 60rem) 17rem, (min-width: 40rem) 30vw, 46vw" })}
<h2><a href="${productPath(product.handle)}">${product.title}</a></h2>
<p class="price">${
    isSoldOut(product)
      ? "Sold out"
      : range
        ? html`${range.single ? "" : "From "}${formatMoney(range.lowest)}`
        : "Not for sale yet"
  }</p>
</li>`;
}

function pager({ page, pages }: ProductPage, link: (page: number) => string): Html | string {
  if (pages <= 1) return "";
  return html`<nav class="pager" aria-label="Pages">
${page > 1 ? html`<a class="button quiet" rel="prev" href="${link(page - 1)}">Previous</a>` : html`<span></span>`}
<span>Page ${page} of ${pages}</span>
${page < pages ? html`<a class="button quiet" rel="next" href="${link(page + 1)}">Next</a>` : html`<span></span>`}
</nav>`;
}
