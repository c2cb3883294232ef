import { html } from "hono/html";
import type { Cart, Line } from "../medusa/shapes.ts";
import { formatMoney } from "../money.ts";
import { mostPerLine } from "../offer.ts";
import { type Html, productPath } from "./layout.ts";
import { picture } from "./picture.ts";

export interface CartView {
  readonly cart: Cart | undefined;
  /** Why the last change was not made. */
  readonly problem?: string;
}

export function cartPage({ cart, problem }: CartView): Html {
  if (!cart || cart.items.length === 0) return emptyCart(problem);
  const money = (amount: number) => formatMoney({ amount, currency: cart.currency_code });
  return html`<div class="heading"><h1>Your cart</h1></div>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ""}
<div class="split">
<ul class="lines">${cart.items.map((line) => cartLine(line, money))}</ul>
<section class="summary" aria-labelledby="summary">
<h2 id="summary">Summary</h2>
<dl class="totals">
<div><dt>Subtotal</dt><dd>${money(cart.item_total)}</dd></div>
${cart.discount_total > 0 ? html`<div><dt>Discount included</dt><dd>${money(cart.discount_total)}</dd></div>` : ""}
<div><dt>Shipping</dt><dd>Chosen at checkout</dd></div>
</dl>
<a class="button wide" href="/checkout">Checkout</a>
<p class="aside"><a href="/">Continue shopping</a></p>
</section>
</div>`;
}

function emptyCart(problem: string | undefined): Html {
  return html`<div class="empty">${problem ? html`<p class="problem" role="alert">${problem}</p>` : ""}
<h1>Your cart is empty</h1>
<p>Things you add will wait for you here.</p>
<p><a class="button" href="/">Start shopping</a></p></div>`;
}

function cartLine(line: Line, money: (amount: number) => string): Html {
  const name = line.product_title || line.title;
  const variant = line.variant_title && line.variant_title !== name ? line.variant_title : "";
  const spoken = variant ? `${name}, ${variant}` : name;
  return html`<li class="line">
${picture(line.thumbnail, "", { lazy: false, sizes: "6rem" })}
<div class="what"><h2>${line.product_handle ? html`<a href="${productPath(line.product_handle)}">${name}</a>` : name}</h2>
${variant ? html`<p class="variant">${variant}</p>` : ""}<p class="variant">${money(line.unit_price)} each</p></div>
<p class="price">${money(line.total ?? line.unit_price * line.quantity)}</p>
<div class="change">
<form method="post" action="/cart/update" class="inline" data-submit-on-change>
<input type="hidden" name="line" value="${line.id}">
<label class="hidden" for="quantity-${line.id}">Quantity of ${spoken}</label>
<input id="quantity-${line.id}" name="quantity" type="number" inputmode="numeric" min="0" max="${mostPerLine}" value="${line.quantity}" required>
<button class="button quiet small" type="submit">Update<span class="hidden"> ${spoken}</span></button>
</form>
<form method="post" action="/cart/remove" class="inline">
<input type="hidden" name="line" value="${line.id}">
<button class="link" type="submit">Remove<span class="hidden"> ${spoken}</span></button>
</form>
</div>
</li>`;
}
