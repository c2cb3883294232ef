import { describe, expect, it } from "vitest";
import { CheckoutProblem, type Request } from "../../../stores/engines/engine.ts";
import { proveCheckout } from "../../../stores/engines/medusa-checkout.ts";

const credentials = { adminUser: "ann@example.com", adminPassword: "s3cret", keys: { publishableKey: "pk_1" } };
const ADDRESS = "http://shop1.localhost:8080";

interface Asked {
  address: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What a healthy store answers, by method and path. */
const healthy: Record<string, unknown> = {
  "GET /store/regions": {
    regions: [
      { id: "reg_us", countries: [{ iso_2: "us" }] },
      { id: "reg_de", countries: [{ iso_2: "de" }] },
    ],
  },
  "GET /store/products": {
    products: [
      { title: "Sold out", variants: [{ id: "var_0", inventory_quantity: 0 }] },
      { title: "Shirt", variants: [{ id: "var_1", inventory_quantity: 5 }] },
    ],
  },
  "POST /store/carts": { cart: { id: "cart_1" } },
  "GET /store/shipping-options": { shipping_options: [{ id: "so_1" }] },
  "POST /store/carts/cart_1/shipping-methods": { cart: { id: "cart_1" } },
  "POST /store/payment-collections": { payment_collection: { id: "pay_1" } },
  "POST /store/payment-collections/pay_1/payment-sessions": { payment_collection: { id: "pay_1" } },
  "POST /store/carts/cart_1/complete": { type: "order", order: { id: "order_1", display_id: 7 } },
  "POST /auth/user/emailpass": { token: "jwt" },
  "GET /admin/orders/order_1": {
    order: { id: "order_1", email: "(as asked)", status: "pending", customer_id: "cus_1" },
  },
  "POST /admin/orders/order_1/cancel": { order: { id: "order_1", email: null, status: "canceled" } },
  "DELETE /admin/customers/cus_1": { id: "cus_1", object: "customer", deleted: true },
};

/** A store that answers as told, and remembers what it was asked. */
function fakeStore(answers: Record<string, unknown>, status: Record<string, number> = {}) {
  const asked: Asked[] = [];
  const request: Request = async (url, { method, headers, body }) => {
    const address = `${method} ${new URL(url).pathname}`;
    asked.push({ address, headers, body: body === undefined ? undefined : JSON.parse(body) });
    const customer = asked.find(({ address: earlier }) => earlier === "POST /store/carts")?.body as { email?: string };
    const answer = JSON.parse(JSON.stringify(answers[address] ?? null).replace("(as asked)", customer?.email ?? ""));
    return {
      status: status[address] ?? (answer === null ? 404 : 200),
      text: async () => (typeof answer === "string" ? answer : JSON.stringify(answer ?? { message: "Not found" })),
    };
  };
  return { asked, request };
}

function prove(request: Request) {
  let time = 0;
  const signal = new AbortController().signal;
  return proveCheckout({ origin: ADDRESS, request, credentials, country: "de", signal, now: () => (time += 5) });
}

describe("the checkout proof of Medusa", () => {
  it("buys a product that is in stock in the store's country, and takes the order back", async () => {
    const store = fakeStore(healthy);

    const proof = await prove(store.request);

    expect(proof.order).toBe("#7");
    expect(store.asked.find(({ address }) => address === "POST /store/carts")?.body).toMatchObject({
      region_id: "reg_de",
      items: [{ variant_id: "var_1", quantity: 1 }],
      shipping_address: { country_code: "de" },
    });
    expect(store.asked.slice(-2).map(({ address }) => address)).toEqual([
      "POST /admin/orders/order_1/cancel",
      "DELETE /admin/customers/cus_1",
    ]);
  });

  it("tells how long each step took, in the order of the steps", async () => {
    const { steps } = await prove(fakeStore(healthy).request);

    expect(steps[0]).toEqual({ title: "find the region", milliseconds: 5 });
    expect(steps.map(({ title }) => title)).toContain("place the order");
  });

  it("shows the shop only the publishable key, and the admin API only the token", async () => {
    const store = fakeStore(healthy);

    await prove(store.request);

    for (const { address, headers } of store.asked) {
      if (address.includes(" /store/")) expect(headers).toMatchObject({ "x-publishable-api-key": "pk_1" });
      expect(headers.authorization).toBe(address.includes(" /admin/") ? "Bearer jwt" : undefined);
    }
  });

  it.each([
    [
      "nothing is in stock",
      { "GET /store/products": { products: [] } },
      {},
      'Step "find a product in stock" failed: no product is in stock.',
    ],
    [
      "it does not sell to the country",
      { "GET /store/regions": { regions: [] } },
      {},
      'the store has no region with the country "de".',
    ],
    [
      "it ships nothing",
      { "GET /store/shipping-options": { shipping_options: [] } },
      {},
      "the store ships nothing to this address.",
    ],
    [
      "payment fails",
      { "POST /store/carts/cart_1/complete": { type: "cart", error: { message: "Payment failed" } } },
      {},
      'Step "place the order" failed: Payment failed',
    ],
    [
      "the owner cannot sign in",
      { "POST /auth/user/emailpass": { message: "Invalid email or password" } },
      { "POST /auth/user/emailpass": 401 },
      'POST /auth/user/emailpass answered 401 ("Invalid email or password").',
    ],
    [
      "it is not there yet",
      { "GET /store/regions": "404 page not found" },
      { "GET /store/regions": 404 },
      "GET /store/regions answered 404.",
    ],
    [
      "it answers something else",
      { "POST /store/carts": "<html>" },
      {},
      "POST /store/carts answered something unexpected",
    ],
    [
      "the order is another one",
      { "GET /admin/orders/order_1": { order: { id: "order_1", email: "x@y.z", status: "pending" } } },
      {},
      "order order_1 is not the one that was placed.",
    ],
  ])("says at which step and why when %s, and no credential", async (_case, change, status, sentence) => {
    const proof = prove(fakeStore({ ...healthy, ...change }, status).request);

    const error = await proof.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckoutProblem);
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toMatch(/s3cret|pk_1|jwt/);
  });
});
