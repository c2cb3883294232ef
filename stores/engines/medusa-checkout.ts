import { z } from "zod";
import { askJson, beginSteps, newCustomer } from "./checkout-steps.ts";
import type { CheckoutInput, CheckoutProof } from "./engine.ts";

// One order through Medusa's store API, as the storefront places it, and its way back through the admin API.

const withId = z.looseObject({ id: z.string() });
const products = z.object({
  products: z.array(
    z.looseObject({
      title: z.string(),
      variants: z.array(z.looseObject({ id: z.string(), inventory_quantity: z.number().nullish() })),
    }),
  ),
});
const regions = z.object({
  regions: z.array(withId.extend({ countries: z.array(z.looseObject({ iso_2: z.string() })).nullish() })),
});
const cart = z.object({ cart: withId });
const shippingOptions = z.object({ shipping_options: z.array(withId) });
const collection = z.object({ payment_collection: withId });
const completion = z.union([
  z.object({ type: z.literal("order"), order: withId.extend({ display_id: z.number().optional() }) }),
  z.object({ type: z.literal("cart"), error: z.looseObject({ message: z.string() }) }),
]);
const token = z.object({ token: z.string() });
const order = z.object({
  order: withId.extend({ email: z.string().nullish(), status: z.string(), customer_id: z.string().nullish() }),
});
const deletion = z.object({ deleted: z.literal(true) });

/** See EngineDefinition. Throws a CheckoutProblem that names the step. */
export async function proveCheckout(input: CheckoutInput): Promise<CheckoutProof> {
  const { step, taken } = beginSteps(input);
  const email = newCustomer();
  const shop = api(input, { "x-publishable-api-key": input.credentials.keys.publishableKey ?? "" });

  const region = await step("find the region", () => findRegion(shop, input.country));
  const variant = await step("find a product in stock", () => findVariant(shop, region));
  const cartId = await step("fill a cart", () => fillCart(shop, { region, variant, email, country: input.country }));
  await step("choose shipping", () => chooseShipping(shop, cartId));
  await step("choose payment", () => choosePayment(shop, cartId));
  const placed = await step("place the order", () => placeOrder(shop, cartId));
  const admin = await step("sign in as the owner", () => signIn(input));
  const customer = await step("see the order as the owner", () => seeOrder(admin, placed.id, email));
  await step("take the order back", () => takeBack(admin, placed.id, customer));

  return { order: placed.number, steps: taken() };
}

async function findRegion(shop: Api, country: string): Promise<string> {
  const found = (await shop.get("/store/regions?limit=50&fields=id,*countries", regions)).regions;
  const region = found.find((one) => one.countries?.some(({ iso_2 }) => iso_2 === country));
  if (region === undefined) throw new Error(`the store has no region with the country "${country}".`);
  return region.id;
}

async function findVariant(shop: Api, region: string): Promise<string> {
  const fields = "title,*variants,+variants.inventory_quantity";
  const found = await shop.get(`/store/products?limit=20&region_id=${region}&fields=${fields}`, products);
  const variant = found.products
    .flatMap((product) => product.variants)
    .find((one) => (one.inventory_quantity ?? 1) > 0);
  if (variant === undefined) throw new Error("no product is in stock.");
  return variant.id;
}

async function fillCart(
  shop: Api,
  what: { region: string; variant: string; email: string; country: string },
): Promise<string> {
  const address = {
    first_name: "Storefleet",
    last_name: "Checkout",
    address_1: "1 Proof Street",
    city: "Proof",
    postal_code: "10115",
    country_code: what.country,
  };
  const made = await shop.post("/store/carts", cart, {
    region_id: what.region,
    email: what.email,
    shipping_address: address,
    billing_address: address,
    items: [{ variant_id: what.variant, quantity: 1 }],
  });
  return made.cart.id;
}

async function chooseShipping(shop: Api, cartId: string): Promise<void> {
  const [option] = (await shop.get(`/store/shipping-options?cart_id=${cartId}`, shippingOptions)).shipping_options;
  if (option === undefined) throw new Error("the store ships nothing to this address.");
  await shop.post(`/store/carts/${cartId}/shipping-methods`, cart, { option_id: option.id });
}

async function choosePayment(shop: Api, cartId: string): Promise<void> {
  const made = await shop.post("/store/payment-collections", collection, { cart_id: cartId });
  const sessions = `/store/payment-collections/${made.payment_collection.id}/payment-sessions`;
  await shop.post(sessions, collection, { provider_id: "pp_system_default" });
}

async function placeOrder(shop: Api, cartId: string): Promise<{ id: string; number: string }> {
  const done = await shop.post(`/store/carts/${cartId}/complete`, completion, {});
  if (done.type === "cart") throw new Error(done.error.message);
  return { id: done.order.id, number: `#${done.order.display_id ?? done.order.id}` };
}

async function signIn(input: CheckoutInput): Promise<Api> {
  const { adminUser, adminPassword } = input.credentials;
  const answer = await api(input, {}).post("/auth/user/emailpass", token, {
    email: adminUser,
    password: adminPassword,
  });
  return api(input, { authorization: `Bearer ${answer.token}` });
}

/** Returns the customer that Medusa made for the order. */
async function seeOrder(admin: Api, id: string, email: string): Promise<string | undefined> {
  const seen = await admin.get(`/admin/orders/${id}?fields=id,email,status,customer_id`, order);
  if (seen.order.email !== email) throw new Error(`order ${id} is not the one that was placed.`);
  return seen.order.customer_id ?? undefined;
}

/** Cancelling gives the stock back. The cancelled order stays: Medusa keeps its books and has no way to delete one. */
async function takeBack(admin: Api, id: string, customer: string | undefined): Promise<void> {
  const cancelled = await admin.post(`/admin/orders/${id}/cancel`, order, {});
  if (cancelled.order.status !== "canceled")
    throw new Error(`order ${id} is "${cancelled.order.status}", not cancelled.`);
  if (customer !== undefined) await admin.remove(`/admin/customers/${customer}`, deletion);
}

interface Api {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  post<T>(path: string, schema: z.ZodType<T>, body: unknown): Promise<T>;
  remove<T>(path: string, schema: z.ZodType<T>): Promise<T>;
}

/** Medusa answers 200 to whatever it has done. */
const isDone = (status: number) => status === 200;

function api(input: CheckoutInput, headers: Record<string, string>): Api {
  const call = async <T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> =>
    (await askJson(input, { method, url: `${input.origin}${path}`, headers, body, isDone }, schema)).body;
  return {
    get: (path, schema) => call("GET", path, schema),
    post: (path, schema, body) => call("POST", path, schema, body),
    remove: (path, schema) => call("DELETE", path, schema),
  };
}
