import type { Store } from "../../automation-api/contract/store.ts";
import {
  answerCancel,
  answerCreate,
  answerCredentials,
  answerEvents,
  answerMeasures,
  answerName,
  answerOperations,
  answerOverview,
  answerPlatform,
  answerRetry,
  answerRotate,
  answerSession,
  answerStore,
  answerStores,
  answerWaysIn,
  type FakeAnswer,
  type FakeData,
  type FakeRequest,
  problem,
} from "./fake/answers.ts";
import { createState, type FakeState } from "./fake/state.ts";
import { makeFinished } from "./fake/things.ts";

export interface FakeApiOptions {
  readonly stores?: readonly Store[];
  readonly signedIn?: boolean;
  /** How many operations ended before, for the plots. */
  readonly finished?: number;
  readonly token?: string;
}

/** A service in memory that answers as the contract says. */
export interface FakeApi {
  readonly state: FakeState;
  readonly data: FakeData;
  /** Requests that were made, such as `POST /stores`, oldest first. */
  readonly requests: { line: string; headers: Headers; body: unknown }[];
  /** What was behind the question mark of each request, oldest first. */
  readonly queries: string[];
  /** Whether nobody answers. */
  away: boolean;
  /** Answers that stand in for the real ones, by the beginning of the request's line; the longest counts. */
  readonly instead: Map<string, FakeAnswer | "never">;
  answer(request: FakeRequest): FakeAnswer;
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

export function createFakeApi(options: FakeApiOptions = {}): FakeApi {
  const { stores = [], signedIn = true, finished = 0, token } = options;
  const state = createState(stores);
  const data: FakeData = { state, finished: makeFinished(finished), token, signedIn };
  const api: FakeApi = {
    state,
    data,
    requests: [],
    queries: [],
    away: false,
    instead: new Map(),
    answer: (request) => answerTo(data, request),
    fetch: (input, init) => respond(api, input, init),
  };
  return api;
}

async function respond(api: FakeApi, input: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input, "http://storefleet.test");
  const path = url.pathname.replace(/^\/api\/v1/, "");
  const method = init.method ?? "GET";
  const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
  const line = `${method} ${path}`;
  api.queries.push(url.search);
  api.requests.push({ line, headers: new Headers(init.headers), body });
  if (api.away) throw new TypeError("fetch failed");
  const beginnings = [...api.instead].filter(([start]) => line.startsWith(start));
  const instead = beginnings.toSorted(([one], [other]) => other.length - one.length)[0]?.[1];
  if (instead === "never") return new Promise(() => {});
  const { status, body: said, etag } = instead ?? api.answer({ method, path, query: url.searchParams, body });
  const headers = etag === undefined ? {} : { etag };
  return new Response(said === undefined ? null : JSON.stringify(said), { status, headers });
}

function answerTo(data: FakeData, request: FakeRequest): FakeAnswer {
  const { method, path } = request;
  if (path === "/session") return answerSession(data, request);
  if (path === "/sign-in") return answerWaysIn();
  if (!data.signedIn) return problem(401, "Sign in first.");
  const [, what, name = "", more] = path.split("/").map(decodeURIComponent);
  if (what === "overview") return answerOverview(data);
  if (what === "platform") return name === "measures" ? answerMeasures(request) : answerPlatform();
  if (what === "names") return answerName(data, name);
  if (what === "operations") return more === "cancel" ? answerCancel(data, name) : answerEvents(data, request, name);
  if (what !== "stores") return problem(404, "There is nothing at this address.");
  if (name === "") return method === "POST" ? answerCreate(data, request) : answerStores(data, request);
  if (more === "retry") return answerRetry(data, name);
  if (more === "rotate") return answerRotate(data, name);
  if (more === "credentials") return answerCredentials(name);
  return more === "operations" ? answerOperations(data, name) : answerStore(data, request, name);
}
