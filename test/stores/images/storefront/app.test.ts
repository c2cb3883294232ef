import type { Hono } from "hono";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApp } from "../../../../stores/images/storefront/src/app.ts";
import { loadAssets } from "../../../../stores/images/storefront/src/assets.ts";
import { createCatalogue } from "../../../../stores/images/storefront/src/medusa/catalogue.ts";
import { createCheckout } from "../../../../stores/images/storefront/src/medusa/checkout.ts";
import { createMedusaHttp } from "../../../../stores/images/storefront/src/medusa/http.ts";
import { type FakeMedusa, publishableKey, startFakeMedusa } from "./fake-medusa.ts";

let medusa: FakeMedusa;
let browser: Browser;
let lines: string[];

beforeEach(async () => {
  medusa = await startFakeMedusa();
  lines = [];
  browser = openBrowser(createStorefront("http://demo.example"));
});

afterEach(() => medusa.close());

it("shows the catalogue with prices and never a title as markup", async () => {
  const page = await browser.get("/");

  expect(page.status).toBe(200);
  expect(page.text).toContain("€22.00");
  expect(page.text).toContain("&lt;script&gt;alert(&quot;Mug &amp; Co&quot;)&lt;/script&gt;");
  expect(page.text).not.toContain("<script>alert");
});

it("sends a strict policy and keeps pages out of shared caches, but style sheets in every cache", async () => {
  const page = await browser.get("/");
  const style = /href="(\/static\/[^"]+\.css)"/.exec(page.text)?.[1] ?? "";
  const asset = await browser.get(style);

  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers.get("content-security-policy")).not.toContain("unsafe-inline");
  expect(page.headers.get("cache-control")).toBe("private, no-store");
  expect(page.text).not.toMatch(/<script>|<style|\son[a-z]+=|style="/);
  expect(asset.headers.get("cache-control")).toContain("immutable");
});

it("sells: product, cart, checkout, confirmation, by forms alone", async () => {
  const product = await browser.get("/product/mug");
  const added = await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "2" });
  const cart = await browser.get("/cart");
  const placed = await browser.post("/checkout", checkout);
  const confirmation = await browser.get(placed.headers.get("location") ?? "");

  expect(product.text).toContain("Only 3 left.");
  expect(added.headers.get("location")).toBe("/cart");
  expect(cart.text).toContain("€44.00");
  expect(placed.status).toBe(303);
  expect(confirmation.text).toContain("Thank you for your order");
  expect(confirmation.text).toContain("Order #1");
  expect(medusa.orders).toMatchObject([{ email: "ada@example.org", shipping_address: { country_code: "de" } }]);
  expect((await browser.get("/cart")).text).toContain("Your cart is empty");
});

it("shows an order to nobody but the browser that placed it", async () => {
  await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "1" });
  const placed = await browser.post("/checkout", checkout);
  const stranger = openBrowser(createStorefront("http://demo.example"));

  const page = await stranger.get(placed.headers.get("location") ?? "");

  expect(page.status).toBe(404);
  expect(page.text).not.toContain("Lovelace");
});

it("places one order when the button is pressed twice", async () => {
  await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "1" });
  const cookies = browser.cookies();

  const first = await browser.post("/checkout", checkout);
  browser.restore(cookies);
  const second = await browser.post("/checkout", checkout);

  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  expect(medusa.orders).toHaveLength(1);
});

it("keeps what was typed and says beside each field what is wrong", async () => {
  await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "1" });

  const page = await browser.post("/checkout", { ...checkout, email: "nope", lastName: `"><b>` });

  expect(page.status).toBe(422);
  expect(page.text).toContain('id="email-mistake"');
  expect(page.text).toContain('value="nope"');
  expect(page.text).toContain('value="&quot;&gt;&lt;b&gt;"');
  expect(page.text).toMatch(/value="de" selected/);
  expect(medusa.orders).toHaveLength(0);
});

it("says so when there is less on the shelf than wanted, and keeps the cart as it was", async () => {
  const refused = await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "4" });
  await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "1" });
  const changed = await browser.post("/cart/update", { line: "line_1", quantity: "9" });

  expect(refused.status).toBe(422);
  expect(refused.text).toContain("We do not have that many left.");
  expect(changed.text).toContain("We do not have that many left.");
  expect(changed.text).toContain('value="1"');
});

it("changes and removes a line, and counts the cart in the header", async () => {
  await browser.post("/cart/add", { product: "mug", "option.Glaze": "Chalk", quantity: "1" });
  await browser.post("/cart/update", { line: "line_1", quantity: "3" });
  const three = await browser.get("/");
  await browser.post("/cart/remove", { line: "line_1" });

  expect(three.text).toMatch(/>3<span class="hidden"> items/);
  expect((await browser.get("/cart")).text).toContain("Your cart is empty");
});

it("refuses a form that another site sends", async () => {
  const page = await browser.post("/cart/add", { product: "mug" }, "https://evil.example");

  expect(page.status).toBe(403);
  expect(medusa.requests).not.toContain("POST /store/carts");
});

it("answers 503 with a page that tries again while Medusa is away, and stays alive itself", async () => {
  medusa.broken = 502;

  const page = await browser.get("/");

  expect(page.status).toBe(503);
  expect(page.headers.get("retry-after")).toBe("5");
  expect(page.text).toContain("Back in a moment");
  expect((await browser.get("/healthz")).status).toBe(200);
  expect((await browser.get("/readyz")).status).toBe(503);
  expect(lines.join()).toContain("failed with 502");
});

it("answers 404 with a way back for what is not there", async () => {
  for (const path of ["/nowhere", "/product/gone", "/category/gone", "/order/order_9"]) {
    const page = await browser.get(path);
    expect(page.status, path).toBe(404);
    expect(page.text).toContain("See everything");
  }
});

it("gives out Secure cookies that bind to the host on https, and plain ones on http", async () => {
  const https = openBrowser(createStorefront("https://demo.example"));
  const form = { product: "mug", "option.Glaze": "Chalk", quantity: "1" };

  const secure = await https.post("/cart/add", form, "https://demo.example");
  const plain = await browser.post("/cart/add", form);

  expect(secure.headers.get("set-cookie")).toMatch(/^__Host-cart=.*HttpOnly; Secure; SameSite=Lax/);
  expect(plain.headers.get("set-cookie")).toMatch(/^cart=.*HttpOnly; SameSite=Lax/);
});

const checkout = {
  email: "ada@example.org",
  phone: "",
  firstName: "Ada",
  lastName: "Lovelace",
  address: "Main 1",
  postalCode: "10115",
  city: "Berlin",
  country: "de",
  shipping: "so_1",
  payment: "delivery",
};

function createStorefront(storeUrl: string): Hono {
  const http = createMedusaHttp(medusa.url, publishableKey);
  return createApp({
    environment: { medusaUrl: medusa.url, publishableKey, storeName: "Demo", storeUrl, port: 0, host: "127.0.0.1" },
    assets: loadAssets(),
    catalogue: createCatalogue(http),
    checkout: createCheckout(http),
    log: (line) => lines.push(line),
  });
}

interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Browser {
  get(path: string): Promise<Page>;
  post(path: string, form: Record<string, string>, origin?: string): Promise<Page>;
  cookies(): Map<string, string>;
  restore(cookies: Map<string, string>): void;
}

/** Remembers cookies as a browser does; follows nothing by itself. */
function openBrowser(app: Hono): Browser {
  let jar = new Map<string, string>();
  async function send(path: string, init: RequestInit): Promise<Page> {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await app.request(path, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  return {
    get: (path) => send(path, {}),
    post: (path, form, origin = "http://demo.example") =>
      send(path, { method: "POST", headers: { origin }, body: new URLSearchParams(form) }),
    cookies: () => new Map(jar),
    restore: (cookies) => {
      jar = cookies;
    },
  };
}
