import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, buildConnector, fetch, type RequestInit, type Response } from "undici";

/** Whether a name is, by RFC 6761 section 6.3, always this machine. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}

/**
 * Browsers resolve `<store>.localhost` to loopback by themselves; the resolver of many systems does not know such
 * names, so we answer for them.
 */
const lookup: LookupFunction = (hostname, options, callback) => {
  if (!isLoopbackName(hostname)) return systemLookup(hostname, options, callback);
  if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

const agent = new Agent({ connect: { lookup }, headersTimeout: 30_000, bodyTimeout: 30_000 });

/** `fetch` that reaches stores on `*.localhost` on every system. */
export function loopbackFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, dispatcher: agent });
}

/**
 * `fetch` that reaches stores through the ingress controller at `host:port`, whatever their addresses say: from within the
 * cluster `*.localhost` is the pod itself, and a public address may not lead back in. Without one, by their addresses.
 */
export function storeFetch(ingressAddress: string | undefined): typeof loopbackFetch {
  if (ingressAddress === undefined) return loopbackFetch;
  const [hostname = "", port = ""] = ingressAddress.split(":");
  // Not verified, like plain http on this way: it does not leave the cluster, and a new store's certificate may still be
  // on its way when the store is asked to sell.
  const connect = buildConnector({ rejectUnauthorized: false });
  const through = new Agent({
    connect: (options, callback) =>
      connect({ ...options, servername: options.hostname, host: hostname, hostname, port }, callback),
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  return (url, init = {}) => fetch(url, { ...init, dispatcher: through });
}
