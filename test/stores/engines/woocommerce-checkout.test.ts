import { describe, expect, it } from "vitest";
import { CheckoutProblem, type Request } from "../../../stores/engines/engine.ts";
import { proveCheckout } from "../../../stores/engines/woocommerce-checkout.ts";

const credentials = {
  adminUser: "ann@example.com",
  adminPassword: "s3cret",
  keys: { consumerKey: "ck_1", consumerSecret: "cs_1" },
};
const ADDRESS = "http://shop1.localhost:8080";

interface Asked {
  address: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: unknown;
}

const shop = "/wp-json/wc/store/v1";
const admin = "/wp-json/wc/v3";
const cart = { items_count: 1, shipping_rates: [{ shipping_rates: [{ rate_id: "flat_rate:1" }] }] };
const order = { id: 12, number: "12", status: "processing", billing: { email: "(as asked)" } };

/** What a healthy store answers, by method and path. */
const healthy: Record<string, unknown> = {
  "GET /": "<body class='woocommerce'>Shop</body>",
  [`GET ${shop}/products`]: [
    { id: 1, type: "variable", is_purchasable: true, is_in_stock: true },
    { id: 2, type: "simple", is_purchasable: true, is_in_stock: false },
    { id: 3, type: "simple", is_purchasable: true, is_in_stock: true },
  ],
  [`GET ${shop}/cart`]: cart,
  [`POST ${shop}/cart/add-item`]: cart,
  [`GET ${admin}/data/countries/de`]: { states: [{ code: "DE-BE" }] },
  [`GET ${admin}/data/countries/gb`]: { states: [] },
  [`POST ${shop}/cart/update-customer`]: cart,
  [`POST ${shop}/cart/select-shipping-rate`]: cart,
  [`POST ${shop}/checkout`]: { order_id: 12, status: "processing" },
  [`GET ${admin}/orders/12`]: order,
  [`PUT ${admin}/orders/12`]: { ...order, status: "cancelled" },
  [`GET ${admin}/orders/12/notes`]: [{ id: 7 }],
  [`DELETE ${admin}/orders/12/notes/7`]: {},
  [`DELETE ${admin}/orders/12`]: {},
};

/** A store that answers as told, and remembers what it was asked. */
function fakeStore(answers: Record<string, unknown>, status: Record<string, number> = {}) {
  const asked: Asked[] = [];
  const request: Request = async (url, { method, headers, body }) => {
    const { pathname, searchParams } = new URL(url);
    const address = `${method} ${pathname}`;
    asked.push({ address, query: searchParams, headers, body: body === undefined ? undefined : JSON.parse(body) });
    const placed = asked.find(({ address: earlier }) => earlier === `POST ${shop}/checkout`)?.body;
    const email = (placed as { billing_address: { email: string } } | undefined)?.billing_address.email ?? "";
    const answer = JSON.parse(JSON.stringify(answers[address] ?? null).replace("(as asked)", email));
    return {
      status: status[address] ?? (answer === null ? 404 : 200),
      headers: new Headers(address.includes("/cart") ? { "Cart-Token": "token" } : {}),
      text: async () => (typeof answer === "string" ? answer : JSON.stringify(answer ?? { message: "Not found" })),
    };
  };
  return { asked, request };
}

function prove(request: Request, country = "de") {
  let time = 0;
  const signal = new AbortController().signal;
  return proveCheckout({ origin: ADDRESS, request, credentials, country, signal, now: () => (time += 5) });
}

describe("the checkout proof of WooCommerce", () => {
  it("buys a product that is in stock with payment on delivery, and leaves nothing of the order behind", async () => {
    const store = fakeStore(healthy);

    const proof = await prove(store.request);

    expect(proof.order).toBe("#12");
    const find = (address: string) => store.asked.find((one) => one.address === address);
    expect(find(`POST ${shop}/cart/add-item`)?.body).toEqual({ id: 3, quantity: 1 });
    expect(find(`POST ${shop}/checkout`)?.body).toMatchObject({
      payment_method: "cod",
      shipping_address: { country: "DE", state: "DE-BE", postcode: "10115" },
    });
    expect(store.asked.slice(-4).map(({ address }) => address)).toEqual([
      `PUT ${admin}/orders/12`,
      `GET ${admin}/orders/12/notes`,
      `DELETE ${admin}/orders/12/notes/7`,
      `DELETE ${admin}/orders/12`,
    ]);
    expect(find(`DELETE ${admin}/orders/12`)?.query.get("force")).toBe("true");
  });

  it("keeps the cart by its token from the moment it takes one", async () => {
    const store = fakeStore(healthy);

    await prove(store.request);

    const tokens = store.asked
      .filter(({ address }) => address.includes(`${shop}/c`))
      .map(({ headers }) => headers["cart-token"]);
    expect(tokens).toEqual([undefined, "token", "token", "token", "token"]);
  });

  it("signs what it asks as the owner, and never sends a password or the key's secret", async () => {
    const store = fakeStore(healthy);

    await prove(store.request);

    for (const { address, query, headers } of store.asked) {
      expect(query.has("oauth_signature"), address).toBe(address.includes(admin));
      expect(JSON.stringify({ headers, query: [...query] })).not.toMatch(/s3cret|cs_1/);
    }
  });

  it("gives an address that the country's own rules accept", async () => {
    const store = fakeStore(healthy);

    await prove(store.request, "gb");

    const { body } = store.asked.find(({ address }) => address === `POST ${shop}/checkout`) ?? {};
    expect(body).toMatchObject({ shipping_address: { country: "GB", state: "", postcode: "SW1A 1AA" } });
  });

  it.each([
    [
      "customers are told that the shop opens soon",
      { "GET /": "<meta name='woo-coming-soon-page' content='yes'> woocommerce" },
      'Step "open the shop\'s page" failed: the shop says "Coming soon".',
    ],
    ["the front page is no shop", { "GET /": "<h1>Hello world</h1>" }, "the front page is not a shop."],
    ["nothing is in stock", { [`GET ${shop}/products`]: [] }, "no product is in stock."],
    [
      "nothing is shipped",
      { [`POST ${shop}/cart/update-customer`]: { ...cart, shipping_rates: [] } },
      "ships nothing to this address.",
    ],
    [
      "the owner sees another order",
      { [`GET ${admin}/orders/12`]: { ...order, billing: { email: "eve@example.com" } } },
      "order 12 is not the one that was placed.",
    ],
    [
      "the order is not cancelled",
      { [`PUT ${admin}/orders/12`]: order },
      'Step "take the order back" failed: order 12 is "processing", not cancelled.',
    ],
  ])("fails with a sentence when %s", async (_case, change, sentence) => {
    const proof = prove(fakeStore({ ...healthy, ...change }).request);

    await expect(proof).rejects.toThrow(CheckoutProblem);
    await expect(proof).rejects.toThrow(sentence);
  });

  it("says what the store answered, but nothing that was signed", async () => {
    const status = { [`GET ${admin}/orders/12`]: 401 };
    const answers = { ...healthy, [`GET ${admin}/orders/12`]: { message: "Consumer key is invalid." } };

    const proof = prove(fakeStore(answers, status).request);

    await expect(proof).rejects.toThrow(
      `Step "see the order as the owner" failed: GET ${admin}/orders/12 answered 401 ("Consumer key is invalid.").`,
    );
  });
});
