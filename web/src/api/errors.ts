import type { Problem } from "../../../automation-api/contract/problem.ts";

/** The service answered with a problem; its sentence is the message. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** Nobody answered: the service is stopped, restarting, or cannot be reached. Trying again is safe. */
export class ServiceAway extends Error {
  override readonly name = "ServiceAway";

  constructor(cause?: unknown) {
    super("The Storefleet service does not answer. It may be starting again.", { cause });
  }
}

/** The service answered with something the contract does not know: service and dashboard are of different versions. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";

  constructor(path: string, cause: unknown) {
    super(`The service's answer to ${path} was not understood. Reload the page; it may be of an older version.`, {
      cause,
    });
  }
}

/** Whether the visitor has no session (any more). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 401;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 404;
}

/** What went wrong, for a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong. Try again.";
}
