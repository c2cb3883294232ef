/**
 * Something about the machine keeps us from going on, and a person can mend it.
 * `message` is one sentence that says what is wrong; `remedy` is one that says what to do.
 */
export class ToolchainProblem extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ToolchainProblem";
    this.remedy = remedy;
  }
}

/** Anything thrown, as an Error, so that every catch can rely on `message`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
