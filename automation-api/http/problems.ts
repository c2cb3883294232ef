import { STATUS_CODES } from "node:http";
import type { Response } from "express";
import type { Problem } from "../contract/problem.ts";
import { TYPE_OF_STATUS } from "../contract/problem-types.ts";

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
  /** The kind of problem, such as `name-taken`. Default: that of its status. */
  readonly type?: string | undefined;
  readonly errors?: readonly { readonly field: string; readonly message: string }[] | undefined;
}

export function problemOf(status: number, detail: string, { type, errors }: ProblemOptions = {}): Problem {
  const named = type ?? TYPE_OF_STATUS[status];
  return {
    type: named === undefined ? "about:blank" : `/problems/${named}`,
    title: STATUS_CODES[status] ?? "Problem",
    status,
    detail,
    ...(errors !== undefined && { errors: [...errors] }),
  };
}

/** Answers with a problem as in RFC 9457. */
export function sendProblem(response: Response, problem: Problem & Readonly<Record<string, unknown>>): void {
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}
