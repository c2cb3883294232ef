import type { z } from "zod";
import { measuresQuerySchema, measuresSchema } from "../../../automation-api/contract/measures.ts";
import {
  isFinal,
  type OperationKind,
  operationListSchema,
  operationSchema,
  progressEventListSchema,
} from "../../../automation-api/contract/operation.ts";
import {
  type Overview,
  overviewSchema,
  platformSchema,
  sessionSchema,
  signInSchema,
} from "../../../automation-api/contract/platform.ts";
import { waysInSchema } from "../../../automation-api/contract/sign-in.ts";
import {
  acceptedSchema,
  createStoreSchema,
  credentialsAnswerSchema,
  nameCheckSchema,
  type Store,
  storeListSchema,
  storeQuerySchema,
  storeSchema,
  storeSummarySchema,
} from "../../../automation-api/contract/store.ts";
import type { FakeState } from "./state.ts";
import { idOf, makeMeasures, makePlatform, makeStore } from "./things.ts";

// The endpoints of the made-up service. Every answer goes through the schema of the contract.

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

export interface FakeData {
  readonly state: FakeState;
  readonly finished: Overview["finished"];
  /** Token that signs in; used up by the first use. */
  token: string | undefined;
  signedIn: boolean;
}

const said = <Schema extends z.ZodType>(status: number, schema: Schema, body: z.input<Schema>): FakeAnswer => ({
  status,
  body: schema.parse(body),
});

export function problem(status: number, detail: string, errors?: { field: string; message: string }[]): FakeAnswer {
  const type = "about:blank";
  return { status, body: { type, title: "Problem", status, detail, ...(errors === undefined ? {} : { errors }) } };
}

const expiresAt = () => new Date(Date.now() + 86_400_000).toISOString();

export function answerSession(data: FakeData, { method, body }: FakeRequest): FakeAnswer {
  if (method === "POST") {
    const { token } = signInSchema.parse(body);
    if (token !== data.token) return problem(401, "This link was used before or is too old; get another one.");
    data.token = undefined;
    data.signedIn = true;
  }
  if (!data.signedIn) return problem(401, "Sign in first.");
  if (method === "DELETE") {
    data.signedIn = false;
    return { status: 204 };
  }
  const user = { id: idOf(1), name: "owner", administrator: true };
  const organizations = [{ name: "main", role: "owner" as const }];
  return said(200, sessionSchema, { user, organizations, expiresAt: expiresAt() });
}

export const answerWaysIn = (): FakeAnswer => said(200, waysInSchema, { signUp: "invitation" });

export function answerOverview({ state, finished }: FakeData): FakeAnswer {
  const operations = [...state.operations.values()];
  const stores: Overview["stores"] = {};
  for (const { status } of state.stores.values()) stores[status] = (stores[status] ?? 0) + 1;
  const count = (status: string) => operations.filter((operation) => operation.status === status).length;
  return said(200, overviewSchema, {
    stores,
    queued: count("queued"),
    running: count("running"),
    recent: operations.toSorted((one, other) => other.queuedAt.localeCompare(one.queuedAt)).slice(0, 10),
    finished,
  });
}

export const answerPlatform = (): FakeAnswer => said(200, platformSchema, makePlatform());

export const answerMeasures = ({ query }: FakeRequest): FakeAnswer =>
  said(200, measuresSchema, makeMeasures(measuresQuerySchema.parse(Object.fromEntries(query)).span));

export function answerStores({ state }: FakeData, { query }: FakeRequest): FakeAnswer {
  const { status, engine, plan, search, sort, limit, cursor } = storeQuerySchema.parse(Object.fromEntries(query));
  const key = sort.replace("-", "") as "name" | "createdAt" | "status";
  const way = sort.startsWith("-") ? -1 : 1;
  const found = [...state.stores.values()]
    .filter((store) => status === undefined || status.includes(store.status))
    .filter((store) => (engine ?? store.engine) === store.engine && (plan ?? store.plan) === store.plan)
    .filter(({ name, displayName }) => `${name} ${displayName}`.toLowerCase().includes((search ?? "").toLowerCase()))
    .sort((one, other) => way * one[key].localeCompare(other[key]));
  const from = Number(cursor ?? 0);
  const items = found.slice(from, from + limit);
  const more = from + limit < found.length ? { nextCursor: String(from + limit) } : {};
  return said(200, storeListSchema, { items, ...more });
}

export function answerCreate({ state }: FakeData, { body }: FakeRequest): FakeAnswer {
  const parsed = createStoreSchema.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    return problem(400, "The request cannot be carried out as it is.", errors);
  }
  const { name, displayName, plan, engine, ...spec } = parsed.data;
  if (state.stores.has(name)) return problem(409, `The name "${name}" is taken; choose another one.`);
  const can = { delete: true, rotate: false, retry: false, cancel: true, credentials: false };
  const { domain, ...rest } = spec;
  const given: Partial<Store> = { displayName, plan, engine, can, createdAt: new Date().toISOString() };
  const own = { spec: { plan, ...rest, ...(domain === undefined ? {} : { domain }) } };
  state.stores.set(name, makeStore(name, "provisioning", { ...given, ...own }));
  return accepted(state, name, "create");
}

function accepted(state: FakeState, name: string, kind: OperationKind): FakeAnswer {
  const operation = state.begin(name, kind);
  return said(202, acceptedSchema, { store: storeSummarySchema.parse(state.stores.get(name)), operation });
}

export function answerStore({ state }: FakeData, { method }: FakeRequest, name: string): FakeAnswer {
  const store = state.stores.get(name);
  if (store === undefined) return problem(404, `There is no store "${name}".`);
  if (method === "GET") return said(200, storeSchema, store);
  const can = { delete: false, rotate: false, retry: false, cancel: true, credentials: false };
  state.stores.set(name, { ...store, status: "deleting", can });
  return accepted(state, name, "delete");
}

export function answerRetry({ state }: FakeData, name: string): FakeAnswer {
  const { reason: _, ...store } = state.stores.get(name)!;
  const can = { delete: true, rotate: false, retry: false, cancel: true, credentials: false };
  state.stores.set(name, { ...store, status: "provisioning", can });
  return accepted(state, name, "create");
}

export function answerRotate({ state }: FakeData, name: string): FakeAnswer {
  const can = { delete: true, rotate: false, retry: false, cancel: true, credentials: true };
  state.stores.set(name, { ...state.stores.get(name)!, status: "updating", can });
  return accepted(state, name, "rotate");
}

export const answerCredentials = (name: string): FakeAnswer =>
  said(200, credentialsAnswerSchema, {
    adminUrl: `http://${name}.localhost:8080/app`,
    adminUser: "admin@example.com",
    adminPassword: "n0t-a-real-passw0rd",
    keys: { publishableKey: "pk_0123456789abcdef" },
  });

export function answerOperations({ state }: FakeData, name: string): FakeAnswer {
  const items = [...state.operations.values()].filter(({ store }) => store === name).reverse();
  return said(200, operationListSchema, { items });
}

export function answerCancel({ state }: FakeData, id: string): FakeAnswer {
  const operation = state.operations.get(id);
  if (operation === undefined) return problem(404, "There is no such operation.");
  if (isFinal(operation.status)) return problem(409, "The operation has ended already.");
  const asked = { ...operation, cancelRequested: true };
  state.operations.set(id, asked);
  state.stores.set(operation.store, { ...state.stores.get(operation.store)!, operation: asked });
  return said(200, operationSchema, asked);
}

export function answerEvents({ state }: FakeData, { query }: FakeRequest, id: string): FakeAnswer {
  const after = Number(query.get("after") ?? 0);
  const items = (state.events.get(id) ?? []).filter(({ sequence }) => sequence > after);
  return said(200, progressEventListSchema, { items });
}

export function answerName({ state }: FakeData, name: string): FakeAnswer {
  const taken = state.stores.has(name);
  const reason = taken ? { reason: `There is a store called ${name} already.` } : {};
  return said(200, nameCheckSchema, { name, available: !taken, ...reason });
}
