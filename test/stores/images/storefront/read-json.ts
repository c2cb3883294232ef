import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** The body of a request as an object; empty where there is none. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await text(request);
  return body ? JSON.parse(body) : {};
}
