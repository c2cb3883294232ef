import { ClientProblem, NotLoggedIn, ServiceAway } from "./client.ts";

/** What scripts go by. */
export const EXIT = {
  done: 0,
  /** The operation failed, or something is broken. */
  failed: 1,
  /** The command line cannot be understood, or a field is wrong. */
  usage: 2,
  notLoggedIn: 3,
  notFound: 4,
  forbidden: 5,
  /** It cannot be done as things are now, or not so often. */
  refused: 6,
  away: 7,
} as const;

const byStatus: Readonly<Record<number, number>> = {
  400: EXIT.usage,
  401: EXIT.notLoggedIn,
  403: EXIT.forbidden,
  404: EXIT.notFound,
  409: EXIT.refused,
  412: EXIT.refused,
  422: EXIT.refused,
  429: EXIT.refused,
  503: EXIT.away,
};

/** The operation has come to an end that nobody wished for. */
export class OperationUnsuccessful extends Error {
  override readonly name = "OperationUnsuccessful";
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof ClientProblem) return byStatus[error.problem.status] ?? EXIT.failed;
  if (error instanceof NotLoggedIn) return EXIT.notLoggedIn;
  if (error instanceof ServiceAway) return EXIT.away;
  return EXIT.failed;
}

/** One sentence, and one line for each field that is wrong. */
export function sentencesOf(error: unknown): string {
  if (!(error instanceof ClientProblem)) return error instanceof Error ? error.message : String(error);
  const fields = error.problem.errors ?? [];
  const lines = fields
    .filter(({ message }) => message !== error.message)
    .map((each) => `  ${each.field}: ${each.message}`);
  return [error.message, ...lines].join("\n");
}
