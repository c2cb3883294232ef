/** Something the person has to know and can act on: printed as `error: <message>`, never with a stack trace. */
export class EngineProblem extends Error {
  /** What the process exits with: 1, or the code the real CLI uses for this case (6 no such stack, 7 unexpected changes). */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "EngineProblem";
    this.exitCode = exitCode;
  }
}

/** How to get what this engine leaves out; ends every refusal. */
export const REAL_CLI_HINT =
  "Storefleet's offline engine leaves this out: install the real Pulumi CLI (https://www.pulumi.com/docs/install/) " +
  "and run the same command; it opens the same stacks.";

/** A refusal by name: says what is not offered and how to get it. */
export function refuse(what: string): EngineProblem {
  return new EngineProblem(`${what} is not supported here. ${REAL_CLI_HINT}`);
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
