import { z } from "zod";
import { type MedusaHttp, MedusaRefusal } from "./http.ts";
import { type Cart, cartShape, type Order, orderShape, type ShippingOption, shippingOptionShape } from "./shapes.ts";

/** A cart on its way to an order. A cart that is gone is `undefined`; the other methods throw MedusaRefusal. */
export interface Checkout {
  createCart(regionId: string): Promise<Cart>;
  cart(id: string): Promise<Cart | undefined>;
  addLine(cartId: string, variantId: string, quantity: number): Promise<Cart>;
  setQuantity(cartId: string, lineId: string, quantity: number): Promise<Cart>;
  removeLine(cartId: string, lineId: string): Promise<void>;
  shippingOptions(cartId: string): Promise<ShippingOption[]>;
  /** Places the order, or returns the one that this cart has become already. */
  placeOrder(cart: Cart, details: OrderDetails): Promise<Order>;
  /** The order of a cart that is complete. */
  complete(cartId: string): Promise<Order>;
  order(id: string): Promise<Order | undefined>;
}

export interface OrderDetails {
  readonly email: string;
  readonly address: {
    readonly first_name: string;
    readonly last_name: string;
    readonly address_1: string;
    readonly postal_code: string;
    readonly city: string;
    readonly country_code: string;
    readonly phone: string;
  };
  readonly shippingOptionId: string;
}

/** Medusa's built-in provider that takes no money itself: the parcel is paid for at the door. */
const paymentOnDelivery = "pp_system_default";

const orderFields =
  "id,display_id,email,currency_code,*items,*shipping_address,*shipping_methods,item_total,shipping_total,tax_total,discount_total,total";

export function createCheckout(http: MedusaHttp): Checkout {
  const cartAnswer = z.object({ cart: cartShape });
  const path = (id: string, rest = "") => `/store/carts/${encodeURIComponent(id)}${rest}`;
  const post = async (url: string, body: object) => (await http.post(url, body, cartAnswer)).cart;

  async function complete(cartId: string): Promise<Order> {
    const shape = z.union([
      z.object({ type: z.literal("order"), order: z.object({ id: z.string() }) }),
      z.object({ type: z.literal("cart"), error: z.object({ message: z.string(), type: z.string() }) }),
    ]);
    const answer = await http.post(path(cartId, "/complete"), {}, shape);
    if (answer.type === "cart") throw new MedusaRefusal(400, answer.error.type, answer.error.message);
    const placed = await order(answer.order.id);
    if (!placed) throw new MedusaRefusal(404, "not_found", "The order was placed but cannot be read.");
    return placed;
  }

  async function order(id: string): Promise<Order | undefined> {
    const url = `/store/orders/${encodeURIComponent(id)}?fields=${orderFields}`;
    return missing(http.get(url, z.object({ order: orderShape })).then((answer) => answer.order));
  }

  return {
    complete,
    order,
    createCart: (regionId) => post("/store/carts", { region_id: regionId }),
    cart: (id) => missing(http.get(path(id), cartAnswer).then((answer) => answer.cart)),
    addLine: (cartId, variantId, quantity) => post(path(cartId, "/line-items"), { variant_id: variantId, quantity }),
    setQuantity: (cartId, lineId, quantity) =>
      post(path(cartId, `/line-items/${encodeURIComponent(lineId)}`), { quantity }),
    removeLine: (cartId, lineId) => http.remove(path(cartId, `/line-items/${encodeURIComponent(lineId)}`)),

    shippingOptions: async (cartId) => {
      const url = `/store/shipping-options?cart_id=${encodeURIComponent(cartId)}`;
      const answer = await http.get(url, z.object({ shipping_options: z.array(shippingOptionShape) }));
      return answer.shipping_options.sort((a, b) => a.amount - b.amount);
    },

    async placeOrder(cart, { email, address, shippingOptionId }) {
      await post(path(cart.id), { email, shipping_address: address, billing_address: address });
      await post(path(cart.id, "/shipping-methods"), { option_id: shippingOptionId });
      const collection = await http.post(
        "/store/payment-collections",
        { cart_id: cart.id },
        z.object({ payment_collection: z.object({ id: z.string() }) }),
      );
      const sessions = `/store/payment-collections/${collection.payment_collection.id}/payment-sessions`;
      await http.post(sessions, { provider_id: paymentOnDelivery }, z.unknown());
      return complete(cart.id);
    },
  };
}

/** Turns Medusa's "there is no such thing" into `undefined`. */
async function missing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MedusaRefusal && error.status === 404) return undefined;
    throw error;
  }
}
