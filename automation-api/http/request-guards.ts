import type { RequestHandler } from "express";
import { HttpProblem } from "./problems.ts";

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const READING_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets only requests in that name this machine or the public origin as their host. A page of somebody else that makes its
 * own name point here (DNS rebinding) names itself.
 */
export function checkHost(publicOrigin: string): RequestHandler {
  const publicHost = new URL(publicOrigin).hostname;
  return (request, _response, next) => {
    const { host } = request.headers;
    const name = host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (!LOOPBACK_HOSTS.has(name) && name !== publicHost) {
      throw new HttpProblem(403, "This service does not answer under that host name.");
    }
    next();
  };
}

/**
 * Lets a request that changes something in only when the page that sends it, if a page does, is ours. Browsers say so in
 * `Origin`; programs say nothing.
 */
export function checkOrigin(publicOrigin: string): RequestHandler {
  return (request, _response, next) => {
    const { origin, host } = request.headers;
    const ours = origin === undefined || origin === publicOrigin || origin === `http://${host}`;
    if (!READING_METHODS.has(request.method) && !ours) {
      throw new HttpProblem(403, "Requests that change something are taken from our own pages only.");
    }
    next();
  };
}

/**
 * Whatever changes something is sent as JSON: a form of a strange page cannot be. A request to delete needs no body, and
 * then no type either, because a form cannot send it.
 */
export const requireJson: RequestHandler = (request, _response, next) => {
  const { headers, method } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  const needed = !READING_METHODS.has(method) && (method !== "DELETE" || hasBody);
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (needed && type !== "application/json") {
    throw new HttpProblem(415, "Send the request as JSON, with Content-Type: application/json.");
  }
  next();
};
