import type { z } from "zod";
import { problemSchema } from "../../../automation-api/contract/problem.ts";
import { ProblemError, ServiceAway, UnexpectedAnswer } from "./errors.ts";

const BASE = "/api/v1";

/** Answers of a proxy in front of a service that is not there. */
const AWAY = new Set([502, 503, 504]);

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** The same key and request twice are carried out once. */
  readonly idempotencyKey?: string;
  /** ETag of what was seen before it is changed. */
  readonly ifMatch?: string;
  /** Told the ETag of the answer. */
  readonly onTag?: (tag: string) => void;
  readonly signal?: AbortSignal;
}

/** Calls the service and parses what it says. Throws ProblemError, ServiceAway or UnexpectedAnswer. */
export async function call<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: Call = {},
): Promise<z.output<Schema>> {
  const response = await send(path, options);
  const body = await bodyOf(response);
  if (!response.ok) throw problemOf(response, body);
  options.onTag?.(response.headers.get("etag") ?? "*");
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new UnexpectedAnswer(path, parsed.error);
  return parsed.data;
}

async function send(path: string, { method = "GET", body, idempotencyKey, ifMatch, signal }: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["content-type"] = "application/json";
  if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
  if (ifMatch !== undefined) headers["if-match"] = ifMatch;
  try {
    return await fetch(`${BASE}${path}`, {
      method,
      headers,
      credentials: "same-origin",
      ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServiceAway(error);
  }
}

/** `undefined` for a body that is empty or no JSON. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw new ServiceAway(error);
  });
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(response: Response, body: unknown): Error {
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return new ProblemError(parsed.data);
  if (AWAY.has(response.status)) return new ServiceAway();
  return new ProblemError({
    type: "about:blank",
    title: `The service answered ${response.status}. Try again; if it stays, look at the service's log.`,
    status: response.status,
  });
}
