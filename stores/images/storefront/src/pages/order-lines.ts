import { html } from "hono/html";
import type { Cart, Order } from "../medusa/shapes.ts";
import { formatMoney } from "../money.ts";
import type { Html } from "./layout.ts";

/** The short list of what is bought, with sums; beside the checkout and on the confirmation. */
export function orderLines(order: Cart | Order, shipping: number | undefined): Html {
  const money = (amount: number) => formatMoney({ amount, currency: order.currency_code });
  return html`<ul class="bought">${order.items.map(
    (line) =>
      html`<li><span>${line.quantity} × ${line.product_title || line.title}${
        line.variant_title && line.variant_title !== line.product_title
          ? html` <span class="variant">${line.variant_title}</span>`
          : ""
      }</span><span>${money(line.total ?? line.unit_price * line.quantity)}</span></li>`,
  )}</ul>
<dl class="totals">
<div><dt>Subtotal</dt><dd>${money(order.item_total)}</dd></div>
<div><dt>Shipping</dt><dd id="shipping-total">${shipping === undefined ? "Choose below" : money(shipping)}</dd></div>
${order.tax_total > 0 ? html`<div class="aside"><dt>Tax included</dt><dd>${money(order.tax_total)}</dd></div>` : ""}
<div class="sum"><dt>Total</dt><dd id="total">${money(order.item_total + (shipping ?? 0))}</dd></div>
</dl>`;
}
