import { sessionSchema } from "../../automation-api/contract/platform.ts";
import { type Problem, problemSchema } from "../../automation-api/contract/problem.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";

type Answer = Awaited<ReturnType<typeof loopbackFetch>>;
type Sent = NonNullable<Parameters<typeof loopbackFetch>[1]>;

/** The service refused a request, in its own words. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** Somebody who is signed in to the service. Paths begin after `/api/v1`; answers are parsed by whoever asks. */
export interface ApiSession {
  readonly origin: string;
  /** What the session is known by, for requests that are made otherwise. */
  readonly cookie: string;
  get(path: string): Promise<unknown>;
  /** @param idempotencyKey makes the request safe to send again */
  post(path: string, body?: unknown, idempotencyKey?: string): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

async function bodyOf(answer: Answer): Promise<unknown> {
  const text = await answer.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  if (answer.ok) return body;
  throw new ApiProblem(problemSchema.parse(body));
}

/** Uses up a sign-in link, as the dashboard does. */
export async function openSession(link: string): Promise<ApiSession> {
  const { origin, hash } = new URL(link);
  const token = new URLSearchParams(hash.slice(1)).get("token");
  const json = { "content-type": "application/json" };
  const signedIn = await loopbackFetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ token }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  sessionSchema.parse(await bodyOf(signedIn));

  const ask = async (path: string, init: Sent) => bodyOf(await loopbackFetch(`${origin}/api/v1${path}`, init));
  return {
    origin,
    cookie,
    get: (path) => ask(path, { headers: { cookie } }),
    post: (path, body = {}, idempotencyKey) =>
      ask(path, {
        method: "POST",
        headers: { ...json, cookie, ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }) },
        body: JSON.stringify(body),
      }),
    delete: (path) => ask(path, { method: "DELETE", headers: { ...json, cookie } }),
  };
}
