import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { ClusterUnreachable } from "./api-error.ts";
import type { Connection } from "./connection.ts";

// An import of node:http would also load the code behind `fetch` and `WebSocket`, which it exports: 6 MB for nothing.
const { Agent: HttpAgent, request: httpRequest } = process.getBuiltinModule("node:http");

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Exchange {
  readonly method: Method;
  /** Path and query, for example `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** How often a request is sent again when the server says it is too busy. */
const BUSY_RETRIES = 5;

/** Sends requests to the API server over a few kept connections. */
export interface Transport {
  /** The server's answer, whatever its status. Throws {@link ClusterUnreachable} when there is none. */
  send(exchange: Exchange): Promise<IncomingMessage>;
}

export function openTransport(connection: Connection): Transport {
  const server = new URL(connection.server);
  const secure = server.protocol === "https:";
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });

  const once = async (exchange: Exchange): Promise<IncomingMessage> => {
    const { headers, ...tls } = await connection.options();
    const body = exchange.body === undefined ? undefined : Buffer.from(exchange.body);
    const options = {
      agent,
      ...tls,
      method: exchange.method,
      headers: {
        ...headers,
        accept: "application/json",
        ...(body && { "content-type": exchange.contentType ?? "application/json", "content-length": body.length }),
      },
      ...(exchange.signal && { signal: exchange.signal }),
    };
    const url = new URL(server.pathname.replace(/\/$/, "") + exchange.path, server);
    return new Promise((resolve, reject) => {
      const outgoing = secure ? httpsRequest(url, options) : httpRequest(url, options);
      outgoing.on("response", resolve);
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        // The server may close a kept connection just as we use it again; nothing has been received then.
        if (outgoing.reusedSocket && error.code === "ECONNRESET") once(exchange).then(resolve, reject);
        else reject(exchange.signal?.aborted ? error : new ClusterUnreachable(connection.server, error));
      });
      outgoing.end(body);
    });
  };

  return {
    async send(exchange) {
      for (let attempt = 0; ; attempt += 1) {
        const response = await once(exchange);
        const seconds = Number(response.headers["retry-after"]);
        const busy = (response.statusCode === 429 || response.statusCode === 503) && Number.isFinite(seconds);
        if (!busy || attempt === BUSY_RETRIES) return response;
        response.resume();
        await pause(seconds * 1000, undefined, exchange.signal ? { signal: exchange.signal } : {});
      }
    },
  };
}
