import { STATUS_CODES } from "node:http";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { SESSION_COOKIE } from "../authentication.ts";
import { progressEventSchema } from "../contract/operation.ts";
import { problemSchema } from "../contract/problem.ts";
import { type AnswerDescription, isCounted, type Route } from "./route.ts";

const DESCRIPTION = `Runs a fleet of online stores, each of them one Pulumi stack.

Sign in by a password, a passkey, single sign-on or a sign-in link such as \`npm start\` prints; the session is kept in a
cookie. Programs send an API key instead:
\`Authorization: Bearer sfk_…\`. What you cannot see is answered as if it was not there. Whatever changes something is sent as
JSON. What takes long is an *operation*: the request answers 202 at once, and \`Location\` says where to look. Problems
are told as in RFC 9457.`;

/** Problems that many routes have; each says why. */
const problemTexts: Readonly<Record<number, string>> = {
  400: "A field is not as it must be; `errors` names each one.",
  401: "Nobody is signed in.",
  403: "Sent by a strange page or under a strange host name, or by somebody who may not do that.",
  404: "There is no such thing.",
  409: "It cannot be done as things are now; `type` says why.",
  412: "It has changed since it was seen; load it again.",
  413: "The request is larger than 64 kB.",
  415: "The request is not sent as JSON.",
  422: "This Idempotency-Key was sent before with another request.",
  431: "The address and the headers are larger than 16 kB together.",
  429: "That was asked for too often; `Retry-After` says when to try again.",
  503: "The database or the cluster does not answer; try again.",
};

/** Statuses of the problems a route can have, its own and those that its kind brings. */
export function problemStatuses(route: Route): readonly number[] {
  const taking = route.params || route.query || route.headers || route.body ? [400, 431] : [];
  const posting = ["post", "put", "patch"].includes(route.method) ? [400, 413, 415] : [];
  const signedIn = route.rule.about === "anyone" ? [] : [401];
  const isOnce = route.method !== "get" && route.rule.about !== "anyone" && route.repeats !== "never";
  const repeated = isOnce ? [409, 422] : [];
  const limited = isCounted(route) ? [429] : [];
  return [
    ...new Set([...route.problems, ...taking, ...posting, ...signedIn, ...limited, ...repeated, 403, 503]),
  ].sort();
}

/** The OpenAPI document of exactly these routes. */
export function documentOf(routes: readonly Route[], version: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = documentPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Storefleet", version, description: DESCRIPTION },
    security: [{ session: [] }, { key: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
        key: { type: "http", scheme: "bearer", bearerFormat: "sfk_…" },
      },
      schemas: { ProgressEvent: progressEventSchema },
    },
  });
}

/** `/stores/:name` → `/stores/{name}`. */
export function documentPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const problems = problemStatuses(route).map((status) => [String(status), problemAnswer(status)] as const);
  const answers = Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer)] as const);
  return {
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    operationId: operationId(route),
    ...(route.rule.about === "anyone" && { security: [] }),
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
      ...(route.headers && { header: route.headers }),
    },
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: route.body } } },
    }),
    responses: Object.fromEntries([...answers, ...problems]),
  };
}

/** `get /api/v1/stores/:name/operations` → `getStoresNameOperations`. */
function operationId({ method, path }: Route): string {
  const words = path.replace("/api/v1", "").split(/[/:]+/).filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function answerOf({ description, schema, headers, streams }: AnswerDescription) {
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: "string" as const } },
        ]),
      ),
    }),
    ...(schema && {
      content: {
        "application/json": { schema },
        ...(streams === true && { "text/event-stream": { schema: { type: "string" as const } } }),
      },
    }),
  };
}

function problemAnswer(status: number) {
  return {
    description: problemTexts[status] ?? STATUS_CODES[status] ?? "Problem",
    content: { "application/problem+json": { schema: problemSchema } },
  };
}
