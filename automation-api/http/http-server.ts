import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { problemOf } from "./problems.ts";

/** How long a request may take to come in whole, its headers, and the next one on the same connection, in milliseconds. */
const LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 };

/** What Node refuses before Express hears of it, by the error's code. */
const refusals: Readonly<Record<string, { status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The address and the headers are larger than 16 kB together." },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: "The request did not come in whole within its time." },
};

/** A server whose refusals are problems, too, and which waits for nobody longer than is good. */
export function createHttpServer(app: RequestListener): Server {
  const server = createServer(LIMITS, app);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
  return server;
}

function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = refusals[code ?? ""] ?? { status: 400, detail: "This is no request of HTTP." };
  const body = JSON.stringify(problemOf(status, detail));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "Connection: close",
      "Content-Type: application/problem+json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
}
