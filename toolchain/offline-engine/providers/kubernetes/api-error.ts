import type { Properties } from "../../values.ts";
import { numberAt, textAt } from "./objects.ts";

/** The API server refused a request. The message is the server's own. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Kubernetes' one-word reason, for example `AlreadyExists`. */
  readonly reason: string;
  /** The plural of the kind the server was talking about, for example `namespaces`. */
  readonly subject: string;

  constructor(status: number, answer: Properties) {
    super(textAt(answer, "message") ?? `The API server answered with status ${status}.`);
    this.name = "ApiError";
    this.status = numberAt(answer, "code") || status;
    this.reason = textAt(answer, "reason") ?? "";
    this.subject = textAt(answer, "details", "kind") ?? "";
  }
}

/** The cluster does not know a kind, usually because its CustomResourceDefinition is not there (yet). */
export class UnknownKind extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "UnknownKind";
  }
}

/** No answer from the API server at all. */
export class ClusterUnreachable extends Error {
  constructor(server: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`configured Kubernetes cluster is unreachable: ${server}: ${why}`, { cause });
    this.name = "ClusterUnreachable";
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isNamespaceNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.subject === "namespaces";
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "AlreadyExists";
}

/** Another field manager owns a field we want to set. */
export function isApplyConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && error.reason === "Conflict";
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

/** The request was turned down because it would change a field that cannot change. */
export function isImmutable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 422 && error.message.includes("field is immutable");
}
