import type { ErrorRequestHandler, RequestHandler } from "express";
import { z } from "zod";
import type { Problem } from "../contract/problem.ts";
import { isDatabaseFull, isDatabaseUnreachable } from "../database/connection.ts";
import { DomainError, type DomainErrorKind } from "../use-cases/domain-error.ts";
import { HttpProblem, problemOf, sendProblem } from "./problems.ts";

// The only place where an error becomes a status code.

const statuses: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 400,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  stale: 412,
  mismatch: 422,
  "too-many": 429,
  unavailable: 503,
};

/** What Express and its body parser throw; `type` says what is wrong. */
const expressError = z.looseObject({ status: z.int().min(400).max(499), type: z.string().optional() });

const bodyErrors: Readonly<Record<string, { status: number; detail: string }>> = {
  "entity.too.large": { status: 413, detail: "The request is larger than 64 kB." },
  "entity.parse.failed": { status: 400, detail: "The body is not JSON; check its brackets, commas and quotes." },
  "charset.unsupported": { status: 415, detail: "The body must be JSON in UTF-8." },
  "encoding.unsupported": { status: 415, detail: "The body's Content-Encoding is not known; send it as it is." },
  "request.size.invalid": { status: 400, detail: "The body is not as long as its Content-Length says." },
};

function fromExpress(error: unknown): Problem | undefined {
  const parsed = expressError.safeParse(error);
  if (!parsed.success) return undefined;
  const { status, detail } = bodyErrors[parsed.data.type ?? ""] ?? {
    status: parsed.data.status,
    detail: "The request cannot be understood; check its address and its body.",
  };
  const errors = parsed.data.type === "entity.parse.failed" ? [{ field: "body", message: detail }] : undefined;
  return problemOf(status, detail, { errors });
}

/** What the sender is told. Nothing about what is broken inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof HttpProblem) return problemOf(error.status, error.message);
  if (error instanceof DomainError) return problemOf(statuses[error.kind], error.message, error);
  if (isDatabaseFull(error)) {
    return problemOf(503, "The database has no room to write; try again when its disk has been made larger or freed.", {
      type: "database-full",
    });
  }
  if (isDatabaseUnreachable(error)) {
    return problemOf(503, "The database does not answer; try again in a moment.", { type: "database-unreachable" });
  }
  return (
    fromExpress(error) ??
    problemOf(500, "Something is broken in the service; its log says more under this request's id.")
  );
}

export const errorHandler: ErrorRequestHandler = (error, request, response, _next) => {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, "request failed");
  // Too late for another answer: cut it off, so that the reader does not take half an answer for a whole one.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const wait = error instanceof DomainError ? error.retryAfter : undefined;
  if (wait !== undefined) response.setHeader("Retry-After", String(wait));
  else if (problem.status === 503) response.setHeader("Retry-After", "2");
  sendProblem(response, problem);
};

export const notFoundHandler: RequestHandler = (request) => {
  throw new HttpProblem(404, `There is nothing at ${request.method} ${request.path}.`);
};
