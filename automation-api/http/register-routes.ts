import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import type { Connection } from "../database/connection.ts";
import { callerOf, originOf } from "./caller.ts";
import { runOnce } from "./repeats.ts";
import { requireJson } from "./request-guards.ts";
import type { Asked, Caller, Reply, Route, StreamResponse } from "./route.ts";
import { createTurns } from "./turns.ts";

export interface RegisterOptions {
  readonly connection: Connection;
  /** Aborted when the service stops: streams end. */
  readonly stopping: AbortSignal;
}

/** Requests that change something and are worked on at the same time: fewer than there are connections to the database. */
const CHANGES = 6;
/** How long such a request may wait for its turn, in milliseconds. */
const PATIENCE = 30_000;

const parseJson = express.json({ limit: 64 * 1024, type: "application/json" });

/** Gives every route of the table to Express. Nobody's body is read before it is known who sends it, and may. */
export function registerRoutes(app: Express, routes: readonly Route[], options: RegisterOptions): void {
  const callers = new WeakMap<Request, Caller>();
  const inTurn = createTurns(CHANGES, PATIENCE);
  for (const route of routes) {
    const guard: RequestHandler = async (request, _response, next) => {
      callers.set(request, await callerOf(options.connection, route, request));
      next();
    };
    const handler: RequestHandler = async (request, response) => {
      const caller = callers.get(request);
      if (caller === undefined) throw new Error("A request has passed its guard unseen.");
      const run = () => runOnce(options.connection, route, request, toAsked(request, caller));
      const reply = await (route.method === "get" ? run() : inTurn(run));
      await send(reply, response, options.stopping);
    };
    app[route.method](route.path, guard, requireJson, parseJson, handler);
  }
}

function toAsked(request: Request, caller: Caller): Asked {
  return {
    caller,
    origin: originOf(request),
    params: request.params,
    query: request.query,
    body: request.body,
    header: (name) => request.get(name),
    wantsStream:
      request.method === "GET" && request.accepts(["application/json", "text/event-stream"]) === "text/event-stream",
  };
}

async function send(reply: Reply, response: Response, stopping: AbortSignal): Promise<void> {
  // Answers are about now, and for one person: nobody in between keeps them.
  response.setHeader("Cache-Control", "private, no-cache");
  if ("stream" in reply) return stream(reply.stream, response, stopping);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.status(reply.status);
  if ("lines" in reply) return pipeline(Readable.from(reply.lines), response);
  if (reply.body === undefined) response.end();
  // Not `response.json`: it would answer 304 to whoever has the ETag, which is the version of what can be changed, and
  // not of how far an operation is.
  else response.type("json").end(JSON.stringify(reply.body));
}

async function stream(
  work: (response: StreamResponse) => Promise<void>,
  response: Response,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // Writing to a reader who has just gone is no mistake of ours.
  response.on("error", () => gone.abort());
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    // Tells nginx and its like to pass every line on at once.
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
  const closed = AbortSignal.any([gone.signal, stopping]);
  try {
    await work({
      closed,
      write: async (text) => {
        if (!closed.aborted && !response.write(text)) {
          await once(response, "drain", { signal: closed }).catch(() => undefined);
        }
      },
    });
  } finally {
    response.end();
  }
}
