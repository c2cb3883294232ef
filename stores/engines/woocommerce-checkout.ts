import { z } from "zod";
import { beginSteps, newCustomer } from "./checkout-steps.ts";
import type { CheckoutInput, CheckoutProof } from "./engine.ts";
import { addressIn } from "./woocommerce-address.ts";
import { adminApi, type Call, storeApi } from "./woocommerce-rest.ts";

// One order through WooCommerce's Store API, as the checkout page places it, and its way back through the admin's API.

const products = z.array(
  z.looseObject({ id: z.number(), type: z.string(), is_purchasable: z.boolean(), is_in_stock: z.boolean() }),
);
const cart = z.looseObject({
  items_count: z.number(),
  shipping_rates: z.array(z.looseObject({ shipping_rates: z.array(z.looseObject({ rate_id: z.string() })) })),
});
const placed = z.looseObject({ order_id: z.number(), status: z.string() });
const order = z.looseObject({
  id: z.number(),
  number: z.string(),
  status: z.string(),
  billing: z.looseObject({ email: z.string() }),
});
const land = z.looseObject({ states: z.array(z.looseObject({ code: z.string() })) });
const notes = z.array(z.looseObject({ id: z.number() }));

/** See EngineDefinition. Throws a CheckoutProblem that names the step. */
export async function proveCheckout(input: CheckoutInput): Promise<CheckoutProof> {
  const { step, taken } = beginSteps(input);
  const email = newCustomer();
  const { consumerKey = "", consumerSecret = "" } = input.credentials.keys;
  const admin = adminApi(input, consumerKey, consumerSecret);
  let cartToken: string | undefined;
  const shop = storeApi(input, () => cartToken);

  await step("open the shop's page", () => seeShop(input));
  const product = await step("find a product in stock", () => findProduct(shop));
  cartToken = await step("take a cart", () => takeCart(shop));
  await step("fill the cart", () => fillCart(shop, product));
  const address = await step("find an address", () => findAddress(admin, input.country));
  await step("choose shipping", () => chooseShipping(shop, { ...address, email }));
  const id = await step("place the order", () => placeOrder(shop, { ...address, email }));
  const number = await step("see the order as the owner", () => seeOrder(admin, id, email));
  await step("take the order back", () => takeBack(admin, id));

  return { order: `#${number}`, steps: taken() };
}

/** The APIs also sell while customers are told that the shop opens soon, so its page is looked at. */
async function seeShop({ origin, request, signal }: CheckoutInput): Promise<void> {
  const answer = await request(`${origin}/`, { method: "GET", headers: { accept: "text/html" }, signal });
  const page = await answer.text();
  if (answer.status !== 200) throw new Error(`GET / answered ${answer.status}.`);
  if (/woo-coming-soon-page|woocommerce-coming-soon/.test(page)) throw new Error('the shop says "Coming soon".');
  if (!page.includes("woocommerce")) throw new Error("the front page is not a shop.");
}

async function findProduct(shop: Call): Promise<number> {
  const { body } = await shop("GET", "/products?per_page=20&stock_status[]=instock", products);
  const product = body.find((one) => one.type === "simple" && one.is_purchasable && one.is_in_stock);
  if (product === undefined) throw new Error("no product is in stock.");
  return product.id;
}

async function takeCart(shop: Call): Promise<string> {
  const cartToken = (await shop("GET", "/cart", cart)).header("cart-token");
  if (cartToken === undefined) throw new Error("the store gives no token for it.");
  return cartToken;
}

async function fillCart(shop: Call, id: number): Promise<void> {
  const { body } = await shop("POST", "/cart/add-item", cart, { id, quantity: 1 });
  if (body.items_count !== 1) throw new Error(`the cart holds ${body.items_count} products instead of one.`);
}

type Address = ReturnType<typeof addressIn>;

async function findAddress(admin: Call, country: string): Promise<Address> {
  const { body } = await admin("GET", `/data/countries/${country}`, land);
  return addressIn(country, body.states[0]?.code ?? "");
}

async function chooseShipping(shop: Call, address: Address & { email: string }): Promise<void> {
  const { email: _email, ...shipping } = address;
  const addresses = { billing_address: address, shipping_address: shipping };
  const { body } = await shop("POST", "/cart/update-customer", cart, addresses);
  const rate = body.shipping_rates[0]?.shipping_rates[0];
  if (rate === undefined) throw new Error("the store ships nothing to this address.");
  await shop("POST", "/cart/select-shipping-rate", cart, { package_id: 0, rate_id: rate.rate_id });
}

async function placeOrder(shop: Call, address: Address & { email: string }): Promise<number> {
  const { email: _email, ...shipping } = address;
  const { body } = await shop("POST", "/checkout", placed, {
    billing_address: address,
    shipping_address: shipping,
    payment_method: "cod",
  });
  return body.order_id;
}

/** Returns the number by which the owner knows the order. */
async function seeOrder(admin: Call, id: number, email: string): Promise<string> {
  const { body } = await admin("GET", `/orders/${id}`, order);
  if (body.billing.email !== email) throw new Error(`order ${id} is not the one that was placed.`);
  if (body.status !== "processing") throw new Error(`order ${id} is "${body.status}", not being processed.`);
  return body.number;
}

/** Only cancelling gives the stock back, and only deleting leaves no trace; the order's notes would outlive it. */
async function takeBack(admin: Call, id: number): Promise<void> {
  const cancelled = await admin("PUT", `/orders/${id}`, order, { status: "cancelled" });
  if (cancelled.body.status !== "cancelled") {
    throw new Error(`order ${id} is "${cancelled.body.status}", not cancelled.`);
  }
  const { body } = await admin("GET", `/orders/${id}/notes`, notes);
  for (const note of body) await admin("DELETE", `/orders/${id}/notes/${note.id}?force=true`, z.unknown());
  await admin("DELETE", `/orders/${id}?force=true`, z.unknown());
}
