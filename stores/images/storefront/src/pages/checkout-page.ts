import { html, raw } from "hono/html";
import type { CheckoutForm, FieldName, Mistakes } from "../checkout-form.ts";
import type { Country } from "../countries.ts";
import type { Cart, ShippingOption } from "../medusa/shapes.ts";
import { formatMoney } from "../money.ts";
import type { Html } from "./layout.ts";
import { orderLines } from "./order-lines.ts";

export interface CheckoutView {
  readonly cart: Cart;
  readonly form: CheckoutForm;
  readonly mistakes: Mistakes;
  readonly countries: readonly Country[];
  readonly shippingOptions: readonly ShippingOption[];
  /** Why the order could not be placed although the form is right. */
  readonly problem?: string;
}

export function checkoutPage(view: CheckoutView): Html {
  const { cart, form, mistakes, countries, shippingOptions, problem } = view;
  const money = (amount: number) => formatMoney({ amount, currency: cart.currency_code });
  const wrong = Object.keys(mistakes).length;
  const text = (name: TextField) => textField(name, form, mistakes);
  const chosen = shippingOptions.find(({ id }) => id === form.shipping);
  return html`<div class="heading"><h1>Checkout</h1></div>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ""}
${wrong > 0 ? html`<p class="problem" role="alert">${wrong === 1 ? "One thing needs" : `${wrong} things need`} your attention below.</p>` : ""}
<form method="post" action="/checkout" class="split checkout" novalidate data-item-total="${cart.item_total}" data-currency="${cart.currency_code.toUpperCase()}">
<div class="steps">
<fieldset><legend>Contact</legend>${text("email")}${text("phone")}</fieldset>
<fieldset><legend>Delivery address</legend>
<div class="pair">${text("firstName")}${text("lastName")}</div>
${text("address")}
<div class="pair narrow-first">${text("postalCode")}${text("city")}</div>
${countryField(countries, form, mistakes)}
</fieldset>
<fieldset role="radiogroup"${mistakes.shipping ? raw(' aria-describedby="shipping-mistake"') : ""}><legend>Shipping</legend>
${shippingOptions.length === 0 ? html`<p>This store has no way to send parcels yet. Please come back later.</p>` : ""}
${shippingOptions.map((option) => shippingField(option, form, money))}
${mistake("shipping", mistakes)}
</fieldset>
<fieldset role="radiogroup"><legend>Payment</legend>
<div class="choice"><input type="radio" id="payment-delivery" name="payment" value="delivery" checked>
<label for="payment-delivery">Payment on delivery</label><p>Pay the courier when your parcel arrives.</p></div>
${mistake("payment", mistakes)}
</fieldset>
</div>
<section class="summary" aria-labelledby="summary"><h2 id="summary">Your order</h2>
${orderLines(cart, chosen?.amount)}
<button class="button wide" type="submit">Place order</button>
<p class="aside"><a href="/cart">Back to the cart</a></p>
</section>
</form>`;
}

type TextField = Exclude<FieldName, "country" | "shipping" | "payment">;

interface FieldLook {
  readonly label: string;
  readonly autocomplete: string;
  readonly type?: string;
  readonly optional?: true;
}

const textFields: Readonly<Record<TextField, FieldLook>> = {
  email: { label: "Email", autocomplete: "email", type: "email" },
  phone: { label: "Phone (optional)", autocomplete: "tel", type: "tel", optional: true },
  firstName: { label: "First name", autocomplete: "given-name" },
  lastName: { label: "Last name", autocomplete: "family-name" },
  address: { label: "Address", autocomplete: "street-address" },
  postalCode: { label: "Postal code", autocomplete: "postal-code" },
  city: { label: "City", autocomplete: "address-level2" },
};

function textField(name: TextField, form: CheckoutForm, mistakes: Mistakes): Html {
  const { label, autocomplete, type = "text", optional } = textFields[name];
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="200" value="${form[name]}"${optional ? "" : raw(" required")}${describedBy(name, mistakes)}>
${mistake(name, mistakes)}</div>`;
}

function countryField(countries: readonly Country[], form: CheckoutForm, mistakes: Mistakes): Html {
  return html`<div class="field"><label for="country">Country</label>
<select id="country" name="country" autocomplete="country" required${describedBy("country", mistakes)}>
<option value="">Choose a country</option>
${countries.map(({ code, name }) => html`<option value="${code}"${code === form.country ? raw(" selected") : ""}>${name}</option>`)}
</select>${mistake("country", mistakes)}</div>`;
}

function shippingField(option: ShippingOption, form: CheckoutForm, money: (amount: number) => string): Html {
  return html`<div class="choice"><input type="radio" id="${option.id}" name="shipping" value="${option.id}" data-amount="${option.amount}" required${option.id === form.shipping ? raw(" checked") : ""}>
<label for="${option.id}">${option.name} <span class="cost">${option.amount === 0 ? "Free" : money(option.amount)}</span></label>
${option.type?.description ? html`<p>${option.type.description}</p>` : ""}</div>`;
}

function describedBy(name: FieldName, mistakes: Mistakes): Html | string {
  return mistakes[name] ? raw(` aria-invalid="true" aria-describedby="${name}-mistake"`) : "";
}

function mistake(name: FieldName, mistakes: Mistakes): Html | string {
  return mistakes[name] ? html`<p class="mistake" id="${name}-mistake">${mistakes[name]}</p>` : "";
}
