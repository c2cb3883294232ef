import type { Request, RequestHandler } from "express";
import type { Tracing } from "../tracing/tracing.ts";

/**
 * Each request to the API is a span, within the one that its sender names in `traceparent`. What comes of the request finds
 * the span's own name in the same header.
 */
export function traceRequests(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    const attributes = { "http.request.method": request.method, "storefleet.correlation_id": String(request.id) };
    const span = tracing.begin(request.method, "request", request.get("traceparent"), attributes);
    if (span.traceparent === undefined) return next();
    request.headers.traceparent = span.traceparent;
    response.once("close", () => {
      const route = routeOf(request);
      const status = response.statusCode;
      span.describe(`${request.method} ${route}`, { "http.route": route, "http.response.status_code": status });
      span.end(response.statusCode >= 500 ? `status ${response.statusCode}` : undefined);
    });
    next();
  };
}

/** The route's pattern, never the address: that would name stores. */
export function routeOf({ route }: Pick<Request, "route">): string {
  return typeof route?.path === "string" ? route.path : "other";
}
