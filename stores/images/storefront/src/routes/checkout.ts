import type { Context, Hono } from "hono";
import type { Services } from "../app.ts";
import {
  type CheckoutForm,
  emptyForm,
  type Mistakes,
  readCheckoutForm,
  validateCheckoutForm,
} from "../checkout-form.ts";
import type { Cookies } from "../cookies.ts";
import { likelyCountry, namedCountries } from "../countries.ts";
import { MedusaRefusal } from "../medusa/http.ts";
import type { Cart, Order } from "../medusa/shapes.ts";
import { checkoutPage } from "../pages/checkout-page.ts";
import { orderPage } from "../pages/order-page.ts";
import { countOf, openCart } from "./cart.ts";
import type { Screen } from "./screen.ts";

export function addCheckoutRoutes(app: Hono, services: Services, screen: Screen, cookies: Cookies): void {
  const { catalogue, checkout, log } = services;

  app.get("/checkout", async (context) => {
    const cart = await openCart(context, services, cookies);
    if (!cart || cart.items.length === 0) return context.redirect("/cart", 303);
    const offer = await offerFor(cart);
    const form = {
      ...emptyForm,
      country: likelyCountry(context.req.header("accept-language"), offer.countries),
      shipping: offer.shippingOptions[0]?.id ?? "",
    };
    return showCheckout(context, { cart, form, mistakes: {}, ...offer });
  });

  app.post("/checkout", async (context) => {
    const kept = cookies.cart(context);
    const cart = kept && (await checkout.cart(kept.id));
    // Pressed twice, or reloaded: the first time went through, so this is the same order.
    if (cart?.completed_at) return showOrder(context, await checkout.complete(cart.id));
    if (!cart || cart.items.length === 0) return context.redirect("/cart", 303);
    const form = readCheckoutForm(await context.req.parseBody());
    const offer = await offerFor(cart);
    const mistakes = validateCheckoutForm(form, {
      countries: offer.countries,
      shippingOptions: offer.shippingOptions.map(({ id }) => id),
    });
    if (Object.keys(mistakes).length > 0) return showCheckout(context, { cart, form, mistakes, ...offer });
    try {
      return showOrder(context, await checkout.placeOrder(cart, orderDetails(form)));
    } catch (error) {
      if (!(error instanceof MedusaRefusal)) throw error;
      log(`POST /checkout was refused: ${error.type} ${error.message}`);
      return showCheckout(context, { cart, form, mistakes, ...offer, problem: reason(error) });
    }
  });

  app.get("/order/:id", async (context) => {
    const id = context.req.param("id");
    // The page shows where somebody lives: only to the browser that placed the order.
    const order = cookies.placed(context, id) ? await checkout.order(id) : undefined;
    if (!order) return screen.notFound(context, "order");
    return screen.show(context, { title: `Order #${order.display_id}` }, orderPage(order));
  });

  async function offerFor(cart: Cart) {
    const [region, shippingOptions] = await Promise.all([catalogue.region(), checkout.shippingOptions(cart.id)]);
    return { countries: region.countries.map(({ iso_2 }) => iso_2), shippingOptions };
  }

  type Offer = Awaited<ReturnType<typeof offerFor>>;
  type View = Offer & { cart: Cart; form: CheckoutForm; mistakes: Mistakes; problem?: string };

  function showCheckout(context: Context, { countries, ...view }: View): Promise<Response> {
    const failed = view.problem !== undefined || Object.keys(view.mistakes).length > 0;
    const options = {
      title: "Checkout",
      plain: true,
      status: failed ? (422 as const) : (200 as const),
      cartCount: countOf(view.cart),
    };
    return screen.show(context, options, checkoutPage({ ...view, countries: namedCountries(countries) }));
  }

  function showOrder(context: Context, order: Order): Response {
    cookies.keepOrder(context, order.id);
    cookies.forgetCart(context);
    return context.redirect(`/order/${encodeURIComponent(order.id)}`, 303);
  }
}

function orderDetails(form: CheckoutForm) {
  return {
    email: form.email,
    shippingOptionId: form.shipping,
    address: {
      first_name: form.firstName,
      last_name: form.lastName,
      address_1: form.address,
      postal_code: form.postalCode,
      city: form.city,
      country_code: form.country,
      phone: form.phone,
    },
  };
}

function reason(refusal: MedusaRefusal): string {
  if (/inventory|stock/i.test(`${refusal.type} ${refusal.message}`)) {
    return "Something in your cart has just sold out. Please go back to the cart and choose a smaller quantity.";
  }
  return "Your order could not be placed. Nothing was charged; please check your details and try again.";
}
