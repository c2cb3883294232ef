import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** What a browser remembers for a customer: the cart, how much is in it, and the orders placed from here. */
export interface Cookies {
  cart(context: Context): CartCookie | undefined;
  keepCart(context: Context, cart: CartCookie): void;
  forgetCart(context: Context): void;
  /** Whether this browser placed the order; nobody else may see where it goes. */
  placed(context: Context, orderId: string): boolean;
  keepOrder(context: Context, orderId: string): void;
}

export interface CartCookie {
  readonly id: string;
  /** Kept beside the id so that the number in the header costs no question to Medusa. */
  readonly count: number;
}

const cartSeconds = 30 * 24 * 60 * 60;
const orderSeconds = 7 * 24 * 60 * 60;
const mostOrders = 10;

export function createCookies(secure: boolean): Cookies {
  // The prefix makes browsers refuse the cookie from anything but this very host over https.
  const prefix = secure ? "__Host-" : "";
  const cartName = `${prefix}cart`;
  const ordersName = `${prefix}orders`;
  const attributes = { httpOnly: true, sameSite: "Lax", path: "/", secure } as const;
  const orders = (context: Context) => (getCookie(context, ordersName) ?? "").split(".").filter(Boolean);

  return {
    cart(context) {
      const match = /^([\w-]{1,64})\.(\d{1,4})$/.exec(getCookie(context, cartName) ?? "");
      return match?.[1] ? { id: match[1], count: Number(match[2]) } : undefined;
    },
    keepCart(context, { id, count }) {
      setCookie(context, cartName, `${id}.${Math.min(count, 9999)}`, { ...attributes, maxAge: cartSeconds });
    },
    forgetCart(context) {
      deleteCookie(context, cartName, attributes);
    },
    placed: (context, orderId) => orders(context).includes(orderId),
    keepOrder(context, orderId) {
      const kept = [orderId, ...orders(context).filter((id) => id !== orderId)].slice(0, mostOrders);
      setCookie(context, ordersName, kept.join("."), { ...attributes, maxAge: orderSeconds });
    },
  };
}
