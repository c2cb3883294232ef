import { createHmac, randomBytes } from "node:crypto";
import type { z } from "zod";
import { type Answer, askJson } from "./checkout-steps.ts";
import type { CheckoutInput } from "./engine.ts";

// The two APIs of a WooCommerce store: as a customer with a cart token, and as its owner with a signed request.

export type Call = <T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown) => Promise<Answer<T>>;

type Reach = Pick<CheckoutInput, "origin" | "request" | "signal">;

/** The Store API. `cartToken` is asked before each call: it is known only after the first one. */
export function storeApi(input: Reach, cartToken: () => string | undefined): Call {
  return (method, path, schema, body) => {
    const token = cartToken();
    const headers: Record<string, string> = token === undefined ? {} : { "cart-token": token };
    return askJson(input, { method, url: `${input.origin}/wp-json/wc/store/v1${path}`, headers, body }, schema);
  };
}

/**
 * The admin's REST API. Requests are signed (OAuth 1.0a, one-legged) instead of carrying a password: WooCommerce takes a
 * password only where it sees TLS, and a signature everywhere.
 */
export function adminApi(input: Reach, key: string, secret: string): Call {
  return (method, path, schema, body) => {
    const url = signedUrl(method, `${input.origin}/wp-json/wc/v3${path}`, { key, secret });
    return askJson(input, { method, url, headers: {}, body }, schema);
  };
}

export interface Signer {
  readonly key: string;
  readonly secret: string;
  /** Seconds since 1970. Default: now. */
  readonly timestamp?: number;
  /** Never used before with this key. Default: random. */
  readonly nonce?: string;
}

/** The address with a signature of RFC 5849 in its query. WooCommerce knows HMAC-SHA256 besides the RFC's methods. */
export function signedUrl(method: string, address: string, signer: Signer): string {
  const url = new URL(address);
  const parameters = [
    ...url.searchParams,
    ["oauth_consumer_key", signer.key],
    ["oauth_nonce", signer.nonce ?? randomBytes(16).toString("hex")],
    ["oauth_signature_method", "HMAC-SHA256"],
    ["oauth_timestamp", String(signer.timestamp ?? Math.floor(Date.now() / 1000))],
  ].map(([name = "", value = ""]) => [encode(name), encode(value)] as const);
  const sorted = parameters.toSorted(([one], [other]) => (one < other ? -1 : 1)).map((pair) => pair.join("="));
  const base = [method, encode(`${url.origin}${url.pathname}`), encode(sorted.join("&"))].join("&");
  const signature = createHmac("sha256", `${signer.secret}&`).update(base).digest("base64");
  return `${url.origin}${url.pathname}?${sorted.join("&")}&oauth_signature=${encode(signature)}`;
}

/** RFC 3986, which leaves fewer characters as they are than `encodeURIComponent`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
