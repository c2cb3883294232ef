import { request as httpRequest } from "node:http";

/** One server-sent event as it came. */
export interface Received {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export interface Reading {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  /** Everything received so far. */
  readonly events: Received[];
  /** Comments received so far, such as heartbeats. */
  readonly comments: string[];
  /** Resolves when the other side has ended the stream, or it was dropped. */
  readonly over: Promise<void>;
  /** Cuts the connection as a network does that fails. */
  drop(): void;
}

/** Reads a stream of events as a browser does, without connecting again. */
export function readEvents(port: number, path: string, headers: Record<string, string>): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path, agent: false, headers: { accept: "text/event-stream", ...headers } },
      (response) => {
        const events: Received[] = [];
        const comments: string[] = [];
        let rest = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          const blocks = (rest + chunk).split("\n\n");
          rest = blocks.pop() ?? "";
          for (const block of blocks) {
            if (block.startsWith(":")) comments.push(block);
            const lines = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
            if (lines.data !== undefined) events.push({ id: lines.id, event: lines.event, data: lines.data });
          }
        });
        const over = new Promise<void>((done) => response.on("close", done));
        response.on("error", () => undefined);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          events,
          comments,
          over,
          drop: () => request.destroy(),
        });
      },
    );
    request.on("error", reject);
    request.end();
  });
}

/** Waits until something is so. */
export async function until(condition: () => boolean, seconds = 5): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`It did not come to be within ${seconds} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
