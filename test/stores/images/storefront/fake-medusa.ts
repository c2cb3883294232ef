import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readJson } from "./read-json.ts";

/** The part of Medusa's store API that the storefront uses, over HTTP, with one product and carts in memory. */
export interface FakeMedusa {
  readonly url: string;
  /** Pieces left of the only variant. */
  stock: number;
  /** When set, every answer is this status. */
  broken: number | undefined;
  readonly orders: Record<string, unknown>[];
  readonly requests: string[];
  close(): Promise<void>;
}

interface FakeCart {
  id: string;
  region_id: string;
  currency_code: "eur";
  email?: string;
  completed_at?: string;
  shipping_address?: Record<string, unknown>;
  items: {
    id: string;
    variant_id: string;
    product_title: string;
    variant_title: string;
    quantity: number;
    unit_price: number;
  }[];
  [total: string]: unknown;
}

/** Written to break out of a page that does not escape. */
export const productTitle = `<script>alert("Mug & Co")</script>`;
export const publishableKey = `pk_${"1".repeat(64)}`;

export async function startFakeMedusa(): Promise<FakeMedusa> {
  const carts = new Map<string, FakeCart>();
  const orders: Record<string, unknown>[] = [];
  const requests: string[] = [];
  const fake = { stock: 3, broken: undefined as number | undefined };

  const product = () => ({
    id: "prod_1",
    title: productTitle,
    handle: "mug",
    subtitle: "Thrown by hand",
    description: "First.\n\nSecond.",
    thumbnail: "/files/mug.svg",
    options: [{ id: "opt_1", title: "Glaze", values: [{ value: "Chalk" }, { value: "Moss" }] }],
    variants: ["Chalk", "Moss"].map((value, position) => ({
      id: `variant_${value}`,
      title: value,
      variant_rank: position,
      manage_inventory: true,
      inventory_quantity: value === "Moss" ? 0 : fake.stock,
      options: [{ option_id: "opt_1", value }],
      calculated_price: { calculated_amount: 22, original_amount: 22, currency_code: "eur" },
    })),
    categories: [{ id: "cat_1", name: "Kitchen", handle: "kitchen" }],
  });

  const total = (cart: FakeCart) => cart.items.reduce((sum, line) => sum + line.quantity * line.unit_price, 0);
  const withTotals = (cart: FakeCart) => ({ ...cart, item_total: total(cart), total: total(cart) });

  function answer(method: string, path: string, body: Record<string, unknown>): [number, object] {
    if (fake.broken) return [fake.broken, { type: "unknown_error", message: "broken on purpose" }];
    const [, cartId = "", rest = ""] = /^\/store\/carts\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (path === "/store/regions") {
      return [200, { regions: [{ id: "reg_1", currency_code: "eur", countries: [{ iso_2: "de" }, { iso_2: "at" }] }] }];
    }
    if (path === "/store/product-categories")
      return [200, { product_categories: [{ id: "cat_1", name: "Kitchen", handle: "kitchen" }] }];
    if (path === "/store/shipping-options")
      return [200, { shipping_options: [{ id: "so_1", name: "Standard", amount: 4.9 }] }];
    if (path === "/store/payment-collections") return [200, { payment_collection: { id: "paycol_1" } }];
    if (path.startsWith("/store/payment-collections/")) return [200, {}];
    if (path.startsWith("/store/orders/")) {
      const order = orders.find(({ id }) => path.endsWith(String(id)));
      return order ? [200, { order }] : [404, { type: "not_found", message: "no order" }];
    }
    if (path === "/store/carts") {
      const cart: FakeCart = { id: `cart_${carts.size + 1}`, region_id: "reg_1", currency_code: "eur", items: [] };
      carts.set(cart.id, cart);
      return [200, { cart: withTotals(cart) }];
    }
    const cart = carts.get(cartId);
    if (!cart) return [404, { type: "not_found", message: "no cart" }];
    if (rest === "/complete") return [200, complete(cart)];
    if (rest === "/line-items" || rest.startsWith("/line-items/")) return changeLine(cart, method, rest, body);
    Object.assign(cart, rest ? {} : body);
    return [200, { cart: withTotals(cart) }];
  }

  function changeLine(cart: FakeCart, method: string, rest: string, body: Record<string, unknown>): [number, object] {
    const quantity = Number(body.quantity);
    if (method !== "DELETE" && quantity > fake.stock)
      return [400, { type: "insufficient_inventory", message: "variant_x" }];
    const line = cart.items.find(({ id }) => rest.endsWith(`/${id}`));
    if (method === "DELETE") cart.items = cart.items.filter((candidate) => candidate !== line);
    else if (line) line.quantity = quantity;
    else {
      const id = `line_${cart.items.length + 1}`;
      const names = { product_title: productTitle, variant_title: "Chalk", variant_id: String(body.variant_id) };
      cart.items.push({ id, ...names, quantity, unit_price: 22 });
    }
    return [200, { cart: withTotals(cart) }];
  }

  function complete(cart: FakeCart): object {
    cart.completed_at ??= "2026-01-01T00:00:00Z";
    const id = `order_${cart.id}`;
    if (!orders.some((order) => order.id === id)) {
      orders.push({ ...withTotals(cart), id, display_id: orders.length + 1, shipping_total: 4.9 });
    }
    return { type: "order", order: { id } };
  }

  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    requests.push(`${request.method} ${url.pathname}`);
    const body = await readJson(request);
    const known = request.headers["x-publishable-api-key"] === publishableKey;
    const isProducts = url.pathname === "/store/products" && !fake.broken;
    const found = ["mug", null].includes(url.searchParams.get("handle")) ? [product()] : [];
    const [status, content] = !known
      ? [401, { type: "unauthorized", message: "no key" }]
      : isProducts
        ? [200, { products: found, count: found.length }]
        : answer(request.method ?? "GET", url.pathname, body);
    response.writeHead(status as number, { "content-type": "application/json" }).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    requests,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  });
}
