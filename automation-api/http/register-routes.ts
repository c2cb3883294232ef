import { once } from "node:events";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import { requireJson } from "./request-guards.ts";
import type { Asked, Reply, Route, SignedIn, StreamResponse } from "./route.ts";
import { NOBODY } from "./route.ts";

export interface RegisterOptions {
  /** Finds out who sends a request. Throws when nobody is signed in. */
  readonly requireSignedIn: (request: Request) => Promise<SignedIn>;
  /** Aborted when the service stops: streams end. */
  readonly stopping: AbortSignal;
}

const parseJson = express.json({ limit: 64 * 1024, type: "application/json" });

/** Gives every route of the table to Express. Nobody's body is read before it is known who sends it. */
export function registerRoutes(app: Express, routes: readonly Route[], options: RegisterOptions): void {
  for (const route of routes) {
    const identify: RequestHandler = async (request, response, next) => {
      if (route.open !== true) response.locals.who = await options.requireSignedIn(request);
      next();
    };
    const handler: RequestHandler = async (request, response) => {
      await send(await route.run(toAsked(request, response)), response, options.stopping);
    };
    app[route.method](route.path, identify, requireJson, parseJson, handler);
  }
}

function isSignedIn(value: unknown): value is SignedIn {
  return typeof value === "object" && value !== null && "user" in value && "secret" in value;
}

function toAsked(request: Request, response: Response): Asked {
  const { who } = response.locals;
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    who: isSignedIn(who) ? who : NOBODY,
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
  if (reply.body === undefined) response.end();
  else response.json(reply.body);
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
