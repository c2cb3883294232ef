/**
 * - `invalid`: what was sent cannot be understood or used; `errors` names the fields
 * - `forbidden`: who asks may see it, but not do it
 * - `not-found`: there is no such thing
 * - `conflict`: it cannot be done as things are now
 * - `stale`: it was decided on something that has changed since
 * - `too-many`: it may be asked for again in `retryAfter` seconds
 * - `mismatch`: the request contradicts an earlier one
 * - `unavailable`: something we need does not answer; trying again later may help
 */
export type DomainErrorKind =
  | "invalid"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "stale"
  | "too-many"
  | "mismatch"
  | "unavailable";

export interface DomainErrorOptions extends ErrorOptions {
  /** Names the kind of problem for programs, such as `name-taken`. */
  readonly type?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  /** Seconds until it may be tried again. */
  readonly retryAfter?: number;
  /** Id of the organization in which it was forbidden. */
  readonly organization?: string;
}

/** What was asked for cannot be done; the message is a sentence for the person who asked. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly kind: DomainErrorKind;
  readonly type: string | undefined;
  readonly errors: DomainErrorOptions["errors"];
  readonly retryAfter: number | undefined;
  readonly organization: string | undefined;

  constructor(kind: DomainErrorKind, message: string, options: DomainErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.type = options.type;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
    this.organization = options.organization;
  }
}

/** One field is wrong. */
export function invalidField(field: string, message: string): DomainError {
  return new DomainError("invalid", message, { errors: [{ field, message }] });
}
