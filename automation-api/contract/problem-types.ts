/**
 * Every kind of problem by the last part of its `type`, which stays what it is: programs go by it. The texts say what it
 * means and what to do.
 */
export const PROBLEM_TYPES = {
  invalid: "Something that was sent cannot be understood or used; `errors` names each field.",
  "not-signed-in": "Nobody is signed in, or the key or token is not known. Sign in, or send another key.",
  forbidden: "Who asks may see it, but not do it; or the request comes from a strange page or under a strange name.",
  "not-found": "There is no such thing, or not for the eyes of who asks.",
  conflict: "It cannot be done as things are now.",
  "changed-meanwhile": "It is not what `If-Match` says any more. Load it again, and decide again.",
  "too-large": "The request is larger than 64 kB.",
  "not-json": "What changes something is sent as JSON in UTF-8, with `Content-Type: application/json`.",
  "idempotency-key-reused": "The Idempotency-Key was sent before with another request. Use a new key for each request.",
  "too-many-requests": "That was asked for too often. Try again after `Retry-After` seconds.",
  internal: "Something is broken in the service; its log says more under this request's id.",
  unavailable: "Something that is needed does not answer. Try again in a moment.",
  "not-ready": "The service is stopping, or its database does not answer; `parts` tells which part is away.",
  "database-unreachable": "The database does not answer. Try again in a moment.",
  "cluster-unreachable": "The cluster does not answer. Try again in a moment.",
  "name-taken": "Another thing has this name already. Choose another one.",
  "domain-taken": "Another store has this domain already. Choose another one.",
  "no-credentials": "The store has no credentials yet; they are made while it is created.",
  "nothing-to-retry": "The last operation of the store neither failed nor was cancelled.",
  "operation-over": "The operation is over; there is nothing to cancel.",
  "being-cancelled": "Deleting the store is just being cancelled. Ask again when that is over.",
  "under-way": "The same request is under way. Ask again in a moment.",
  "shown-once": "This was done already, and what it showed is shown only once.",
  "last-owner": "The organization would have no owner. Make somebody else one first.",
  "organization-in-use": "The organization has, or had, stores, and so it stays.",
  "too-many-stores": "The organization has as many stores as it may.",
  "too-many-webhooks": "The organization has as many webhooks as it may.",
  "store-busy": "Something is done to the store just now. Ask again when that is over.",
  "no-state": "The store has no state yet; it is made when it is created.",
  "webhook-off": "The webhook is off. Turn it on first.",
  "no-signing-key": "There is no key to sign webhooks with; an administrator sets STOREFLEET_SIGNING_KEY.",
} as const satisfies Readonly<Record<string, string>>;

/** The kind of a problem that is told by its status alone. */
export const TYPE_OF_STATUS: Readonly<Record<number, keyof typeof PROBLEM_TYPES>> = {
  400: "invalid",
  401: "not-signed-in",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  412: "changed-meanwhile",
  413: "too-large",
  415: "not-json",
  422: "idempotency-key-reused",
  429: "too-many-requests",
  500: "internal",
  503: "unavailable",
};
