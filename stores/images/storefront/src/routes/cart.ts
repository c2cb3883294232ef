import type { Context, Hono } from "hono";
import type { Services } from "../app.ts";
import type { Cookies } from "../cookies.ts";
import { MedusaRefusal } from "../medusa/http.ts";
import type { Cart } from "../medusa/shapes.ts";
import { type Choice, chosenVariant, mostPerLine } from "../offer.ts";
import { cartPage } from "../pages/cart-page.ts";
import { productPage } from "../pages/product-page.ts";
import type { Screen } from "./screen.ts";

export function addCartRoutes(app: Hono, services: Services, screen: Screen, cookies: Cookies): void {
  const { catalogue, checkout } = services;

  app.get("/cart", async (context) => {
    const cart = await openCart(context, services, cookies);
    return showCart(context, cart);
  });

  app.post("/cart/add", async (context) => {
    const body = await context.req.parseBody();
    const product = await catalogue.product(String(body.product ?? ""));
    if (!product) return screen.notFound(context, "product");
    const choice = readChoice(body);
    const quantity = readQuantity(body.quantity, 1);
    const variant = chosenVariant(product, choice);
    const refuse = (problem: string) =>
      screen.show(
        context,
        { title: product.title, status: 422 },
        productPage({ product, choice, quantity: quantity ?? 1, problem }),
      );
    if (!variant) return refuse("Choose one of each option first.");
    if (!quantity) return refuse(`Choose a quantity from 1 to ${mostPerLine}.`);
    try {
      const present = await openCart(context, services, cookies);
      const cart = present ?? (await checkout.createCart((await catalogue.region()).id));
      keep(context, await checkout.addLine(cart.id, variant.id, quantity));
    } catch (error) {
      if (error instanceof MedusaRefusal) return refuse(shortage(error));
      throw error;
    }
    return context.redirect("/cart", 303);
  });

  app.post("/cart/update", (context) =>
    change(context, async (cart, line, body) => {
      const quantity = readQuantity(body.quantity, 0);
      if (quantity === undefined) return `Choose a quantity from 0 to ${mostPerLine}.`;
      if (quantity === 0) await checkout.removeLine(cart.id, line);
      else await checkout.setQuantity(cart.id, line, quantity);
      return undefined;
    }),
  );

  app.post("/cart/remove", (context) =>
    change(context, async (cart, line) => {
      await checkout.removeLine(cart.id, line);
      return undefined;
    }),
  );

  type Body = Record<string, unknown>;
  type Change = (cart: Cart, line: string, body: Body) => Promise<string | undefined>;

  /** Changes one line; a sentence returned, or a refusal of Medusa, is shown above the unchanged cart. */
  async function change(context: Context, work: Change): Promise<Response> {
    const body = await context.req.parseBody();
    const cart = await openCart(context, services, cookies);
    const line = cart?.items.find(({ id }) => id === body.line);
    if (!cart || !line) return context.redirect("/cart", 303);
    let problem: string | undefined;
    try {
      problem = await work(cart, line.id, body);
    } catch (error) {
      if (!(error instanceof MedusaRefusal)) throw error;
      problem = shortage(error);
    }
    if (problem) return showCart(context, cart, problem);
    const changed = await checkout.cart(cart.id);
    if (changed) keep(context, changed);
    return context.redirect("/cart", 303);
  }

  function showCart(context: Context, cart: Cart | undefined, problem?: string): Promise<Response> {
    if (cart) keep(context, cart);
    const options = {
      title: "Your cart",
      status: problem ? (422 as const) : (200 as const),
      cartCount: cart ? countOf(cart) : 0,
    };
    return screen.show(context, options, cartPage({ cart, ...(problem ? { problem } : {}) }));
  }

  function keep(context: Context, cart: Cart): void {
    cookies.keepCart(context, { id: cart.id, count: countOf(cart) });
  }
}

/** The customer's cart; one that is gone or has become an order is forgotten. */
export async function openCart(
  context: Context,
  { checkout }: Pick<Services, "checkout">,
  cookies: Cookies,
): Promise<Cart | undefined> {
  const kept = cookies.cart(context);
  if (!kept) return undefined;
  const cart = await checkout.cart(kept.id);
  if (cart && !cart.completed_at) return cart;
  cookies.forgetCart(context);
  return undefined;
}

export function countOf(cart: Cart): number {
  return cart.items.reduce((sum, { quantity }) => sum + quantity, 0);
}

function readChoice(body: Readonly<Record<string, unknown>>): Choice {
  const prefix = "option.";
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      name.startsWith(prefix) && typeof value === "string" ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function readQuantity(value: unknown, least: number): number | undefined {
  const quantity = typeof value === "string" && /^\d{1,4}$/.test(value.trim()) ? Number(value) : Number.NaN;
  return quantity >= least && quantity <= mostPerLine ? quantity : undefined;
}

/** Medusa's messages name ids; a customer needs to know what to do. */
function shortage(refusal: MedusaRefusal): string {
  if (refusal.type === "insufficient_inventory" || /inventory/i.test(refusal.message)) {
    return "We do not have that many left. Please choose a smaller quantity.";
  }
  return "This cannot be added to your cart at the moment. Please try another one.";
}
