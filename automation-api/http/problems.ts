import { STATUS_CODES } from "node:http";
import type { Response } from "express";
import type { Problem } from "../contract/problem.ts";

/** A request that HTTP itself refuses, before any use case hears of it. The message is a sentence for its sender. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ProblemOptions {
  /** The kind of problem, such as `name-taken`. Default: none, the status says it all. */
  readonly type?: string | undefined;
  readonly errors?: readonly { readonly field: string; readonly message: string }[] | undefined;
}

export function problemOf(status: number, detail: string, { type, errors }: ProblemOptions = {}): Problem {
  return {
    type: type === undefined ? "about:blank" : `/problems/${type}`,
    title: STATUS_CODES[status] ?? "Problem",
    status,
    detail,
    ...(errors !== undefined && { errors: [...errors] }),
  };
}

/** Answers with a problem as in RFC 9457. */
export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}
