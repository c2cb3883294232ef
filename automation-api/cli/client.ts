import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Problem, problemSchema } from "../contract/problem.ts";
import type { Login } from "./login-file.ts";

/** The service has refused something, in its own words. */
export class ClientProblem extends Error {
  override readonly name = "ClientProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export class NotLoggedIn extends Error {
  override readonly name = "NotLoggedIn";

  constructor() {
    super("Log in first: storefleet login LINK, with a link that npm run sign-in prints.");
  }
}

export class ServiceAway extends Error {
  override readonly name = "ServiceAway";
}

export type Query = Readonly<Record<string, string | undefined>>;

/** The service as its contract describes it. Paths begin after `/api/v1`. */
export interface Client {
  readonly origin: string;
  get<Schema extends z.ZodType>(path: string, schema: Schema, query?: Query): Promise<z.output<Schema>>;
  /** Safe to be sent again: each call has an idempotency key of its own. */
  post<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
    query?: Query,
  ): Promise<z.output<Schema>>;
  delete(path: string): Promise<unknown>;
  /** What is no JSON, piece by piece. */
  download(path: string): Promise<ReadableStream<Uint8Array>>;
  /** The lines of a stream of events, until it ends. */
  stream(path: string, signal?: AbortSignal): AsyncGenerator<string>;
}

export function createClient({ origin, key }: Login): Client {
  const headers = { authorization: `Bearer ${key}` };
  return clientWith(origin, headers);
}

/** @param headers say who asks */
export function clientWith(origin: string, headers: Readonly<Record<string, string>>): Client {
  const ask = (path: string, query: Query | undefined, init: RequestInit) =>
    send(`${origin}/api/v1${path}${queryText(query)}`, { ...init, headers: { ...headers, ...init.headers } });
  const changing = () => ({ "content-type": "application/json", "idempotency-key": randomUUID() });
  return {
    origin,
    get: async (path, schema, query) => schema.parse(await bodyOf(await ask(path, query, {}))),
    post: async (path, schema, body = {}, query) => {
      const init = { method: "POST", headers: changing(), body: JSON.stringify(body) };
      return schema.parse(await bodyOf(await ask(path, query, init)));
    },
    delete: async (path) => bodyOf(await ask(path, undefined, { method: "DELETE", headers: changing() })),
    download: async (path) => {
      const response = await ask(path, undefined, {});
      if (!response.ok || response.body === null) throw await problemOf(response);
      return response.body;
    },
    stream: async function* (path, signal) {
      const init = { headers: { accept: "text/event-stream" }, ...(signal && { signal }) };
      const response = await ask(path, undefined, init);
      if (!response.ok || response.body === null) throw await problemOf(response);
      yield* linesOf(response.body);
    },
  };
}

function queryText(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    throw new ServiceAway(`${new URL(address).origin} does not answer; is Storefleet running there?`, { cause });
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

async function problemOf(response: Response): Promise<Error> {
  const text = await response.text();
  try {
    return new ClientProblem(problemSchema.parse(JSON.parse(text)));
  } catch {
    return new ServiceAway(`${new URL(response.url).origin} answers ${response.status}; that is not Storefleet.`);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
