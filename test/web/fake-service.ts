import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { isFinal, type ProgressEvent } from "../../automation-api/contract/operation.ts";
import type { FakeApi } from "./fake-api.ts";

// The built dashboard with the made-up service behind it, for looking at it in a real browser without a cluster.

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The policy of the real service, so that what it forbids is seen here. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'";

export interface FakeServiceOptions {
  readonly api: FakeApi;
  /** Folder of the built dashboard. */
  readonly folder: string;
  /** Default: a free one. */
  readonly port?: number;
}

/** Serves on 127.0.0.1 until it is closed. */
export async function serveFake({ api, folder, port = 0 }: FakeServiceOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const events = /^\/api\/v1\/operations\/([^/]+)\/events$/.exec(url.pathname)?.[1];
    if (events !== undefined && request.headers.accept === "text/event-stream") stream(api, events, request, response);
    else if (url.pathname.startsWith("/api/v1")) void answer(api, request, response);
    else sendFile(folder, url.pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

async function answer(api: FakeApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  try {
    const said = await api.fetch(request.url ?? "/", {
      method: request.method ?? "GET",
      ...(body === "" ? {} : { body }),
    });
    response.writeHead(said.status, { "content-type": "application/json" }).end(await said.text());
  } catch {
    request.socket.destroy();
  }
}

function stream(api: FakeApi, id: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const after = Number(request.headers["last-event-id"] ?? url.searchParams.get("after") ?? 0);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (event: ProgressEvent) => {
    response.write(`id: ${event.sequence}\nevent: progress\ndata: ${JSON.stringify(event)}\n\n`);
    if (isFinal(event.status)) response.end("event: end\ndata: {}\n\n");
  };
  for (const event of api.state.events.get(id) ?? []) if (event.sequence > after) send(event);
  response.on("close", api.state.listen(id, send));
}

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const asked = join(folder, normalize(path));
  const file = existsSync(asked) && statSync(asked).isFile() ? asked : join(folder, "index.html");
  response.setHeader("content-security-policy", POLICY);
  response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}
