import type { MiddlewareHandler } from "hono";

/** Headers of every answer. Nothing is loaded from elsewhere, except pictures that a merchant links to by https. */
export function securityHeaders(https: boolean): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return async (context, next) => {
    await next();
    context.header("Content-Security-Policy", policy);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("X-Frame-Options", "DENY");
    context.header("Referrer-Policy", "same-origin");
    context.header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    if (https) context.header("Strict-Transport-Security", "max-age=31536000");
    // Pages hold a customer's cart count and address: no shared cache may keep them.
    if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "private, no-store");
  };
}

/**
 * Refuses forms that another site makes a customer's browser send. Browsers name the origin of every POST; a request
 * without one is not from a page of ours either.
 */
export function sameOriginForms(storeUrl: string): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    if (isSameOrigin(context.req.header("origin"), context.req.header("host"), storeUrl)) return next();
    return context.text("This form was not sent from the store's own page. Open the store and try again.\n", 403);
  };
}

/** True for the store's public origin, and for the host being talked to (a port-forward has another address). */
export function isSameOrigin(origin: string | undefined, host: string | undefined, storeUrl: string): boolean {
  if (origin === undefined) return false;
  if (origin === storeUrl) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
