import { z } from "zod";
import type { Reach } from "../database/organization-repository.ts";
import { type Rule, ruleOf } from "../domain/access.ts";
import { DomainError } from "../use-cases/domain-error.ts";
import type { Origin, Principal } from "../use-cases/principal.ts";

// One route: what it takes, what it answers, what it does. The table of all routes is what Express is given and what the
// OpenAPI document is made from, so the two cannot differ.

/** Who sends a request, and what they may touch by it. */
export interface Caller {
  /** `undefined` for nobody; only routes that are open have such callers. */
  readonly principal: Principal | undefined;
  readonly reach: Reach;
  /** Looks again: who was signed out or lost their role meanwhile may no more. */
  isStillAllowed(): Promise<boolean>;
}

/** A request after parsing. */
export interface Asked<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  readonly origin: Origin;
  /** Header by its name in small letters. */
  header(name: string): string | undefined;
  /** Whether events are asked for as a stream. */
  readonly wantsStream: boolean;
}

/** Takes over the response; resolves when the stream is over. */
export type Stream = (response: StreamResponse) => Promise<void>;

/** The part of an HTTP response that a stream needs. */
export interface StreamResponse {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** Aborted when the reader has gone or the service stops. */
  readonly closed: AbortSignal;
}

export type Reply =
  | {
      readonly status: number;
      /** Sent as JSON; left out: no body. */
      readonly body?: unknown;
      /** Several values are sent as several headers. */
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    }
  | {
      readonly status: number;
      /** Sent as they are, one after the other. */
      readonly lines: AsyncIterable<string | Uint8Array>;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly stream: Stream };

export interface AnswerDescription {
  readonly description: string;
  /** Left out: no body. */
  readonly schema?: z.ZodType;
  /** Names of headers and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it can be a stream of server-sent events, too. */
  readonly streams?: boolean;
}

const idempotencyHeaders = z.object({
  "Idempotency-Key": z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, { error: "An Idempotency-Key is 1 to 200 letters, digits or signs without spaces." })
    .optional()
    .meta({ description: "The same key within 24 hours means the same request: it is carried out once." }),
});

interface Described {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As Express writes it: `/api/v1/stores/:name`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /**
   * Who sees to it that a request with an Idempotency-Key is carried out once: the route in its own transaction, or, by
   * default, whoever calls it. `never`: it carries a password, of which nothing is kept to know the request again.
   */
  readonly repeats?: "itself" | "never";
  /** Statuses of the problems that only this route has. */
  readonly problems: readonly number[];
}

export interface RouteSchemas {
  readonly params?: z.ZodType<unknown, Record<string, unknown>> | undefined;
  readonly query?: z.ZodType<unknown, Record<string, unknown>> | undefined;
  readonly headers?: z.ZodType<unknown, Record<string, unknown>> | undefined;
  readonly body?: z.ZodType | undefined;
}

export interface Route extends Described, RouteSchemas {
  /** Who may use it. */
  readonly rule: Rule;
  /** Parses the request and answers it. Throws a DomainError that names every field that is wrong. */
  run(asked: Asked): Promise<Reply>;
}

export interface RouteDefinition<P, Q, B> extends Described {
  readonly params?: z.ZodType<P, Record<string, unknown>>;
  readonly query?: z.ZodType<Q, Record<string, unknown>>;
  /** Only described and checked; handlers read them with `header`. */
  readonly headers?: z.ZodType<unknown, Record<string, unknown>>;
  readonly body?: z.ZodType<B>;
  handle(asked: Asked<P, Q, B>): Promise<Reply>;
}

/** Ties the types of what a route takes to its handler. */
export function route<P = undefined, Q = undefined, B = undefined>(definition: RouteDefinition<P, Q, B>): Route {
  const { handle, ...rest } = definition;
  const rule = ruleOf(rest.method, rest.path);
  const isOnce = rest.method !== "get" && rule.about !== "anyone" && rest.repeats !== "never";
  const headers = isOnce ? withIdempotency(rest.headers) : rest.headers;
  return {
    ...rest,
    ...(headers && { headers }),
    rule,
    run: async (asked) => {
      const params = parse(definition.params, asked.params);
      const query = parse(definition.query, asked.query);
      parse(headers, headersOf(headers, asked));
      const body = parse(definition.body, asked.body);
      return handle({ ...asked, params, query, body });
    },
  };
}

/** Whether requests are limited: those that change something, and those that read secrets. */
export function isCounted({ method, rule }: Pick<Route, "method" | "rule">): boolean {
  return method !== "get" || rule.scope === "credentials";
}

function withIdempotency(headers: RouteSchemas["headers"]): RouteSchemas["headers"] {
  return headers instanceof z.ZodObject ? headers.extend(idempotencyHeaders.shape) : idempotencyHeaders;
}

/** Only the headers that the schema knows. */
function headersOf(schema: RouteSchemas["headers"], asked: Asked): Record<string, unknown> {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return Object.fromEntries(
    names.map((name) => [name, asked.header(name.toLowerCase())]).filter(([, value]) => value !== undefined),
  );
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown): T;
function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(fieldErrors);
  const [first] = errors;
  const detail =
    errors.length === 1 && first !== undefined ? first.message : `${errors.length} fields are not as they must be.`;
  throw new DomainError("invalid", detail, { errors });
}

function fieldErrors(issue: z.core.$ZodIssue): { field: string; message: string }[] {
  const at = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: at === "" ? key : `${at}.${key}`,
      message: `"${key}" cannot be set; check the spelling.`,
    }));
  }
  return [{ field: at === "" ? "body" : at, message: issue.message }];
}
