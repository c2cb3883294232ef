import { html } from "hono/html";
import { countryName } from "../countries.ts";
import type { Order } from "../medusa/shapes.ts";
import type { Html } from "./layout.ts";
import { orderLines } from "./order-lines.ts";

export function orderPage(order: Order): Html {
  const address = order.shipping_address;
  return html`<div class="heading center">
<h1>Thank you for your order</h1>
<p class="lead">Order #${order.display_id}</p>
<p>You pay when your parcel arrives. Should we have a question, we write to <strong>${order.email}</strong>.</p>
</div>
<div class="split receipt">
<section class="summary" aria-labelledby="bought"><h2 id="bought">What you bought</h2>${orderLines(order, order.shipping_total)}</section>
<section class="summary" aria-labelledby="where"><h2 id="where">Where it goes</h2>
${
  address
    ? html`<address>${address.first_name} ${address.last_name}<br>${address.address_1}<br>${address.postal_code} ${address.city}<br>${countryName(address.country_code)}</address>`
    : ""
}
<p>${order.shipping_methods.map(({ name }) => name).join(", ")}</p>
<p class="aside"><a class="button quiet" href="/">Continue shopping</a></p>
</section>
</div>`;
}
