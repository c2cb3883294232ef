import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";

/** Asked every few seconds by whoever watches the service; not worth a line. */
const QUIET: ReadonlySet<string> = new Set(["/livez", "/readyz", "/metrics", "/metrics/targets"]);

/**
 * One line for each answer, under an id that the sender may give in `X-Request-Id` and gets back: method, path, status, time.
 * Never headers, query or bodies, because they can hold secrets.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request, response) => {
      const given = request.headers["x-request-id"];
      const id = typeof given === "string" && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID();
      response.setHeader("X-Request-Id", id);
      return id;
    },
    autoLogging: { ignore: (request) => QUIET.has(request.url ?? "") },
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? "error" : "info"),
    // The error handler has written the error already, with its stack.
    customErrorObject: (_request, _response, _error, value: unknown) => value,
    serializers: {
      req: (request: { id: unknown; method: unknown; url: unknown }) => ({
        id: request.id,
        method: request.method,
        path: String(request.url).split("?")[0],
      }),
      res: (response: { statusCode: unknown }) => ({ status: response.statusCode }),
    },
  });
}
