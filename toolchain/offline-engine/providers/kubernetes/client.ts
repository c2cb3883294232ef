import type { IncomingMessage } from "node:http";
import { isObject, type Properties, type Value } from "../../values.ts";
import { ApiError, isNotFound, UnknownKind } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { listAt, nameOf, namespaceOf, textAt } from "./objects.ts";
import { type Exchange, type Method, openTransport, type Transport } from "./transport.ts";

/** Which object of which kind; `namespace` is empty for kinds of the whole cluster. */
export interface Reference extends Kind {
  readonly namespace: string;
  readonly name: string;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Properties;
}

/** Query parameters; `undefined` ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export const PATCH_TYPES = {
  apply: "application/apply-patch+yaml",
  json: "application/json-patch+json",
} as const;

interface Served {
  readonly plural: string;
  readonly namespaced: boolean;
}

export function referenceTo(object: Properties): Reference {
  return { ...kindOf(object), namespace: namespaceOf(object), name: nameOf(object) };
}

/**
 * Reads and writes objects of any kind. Every method throws {@link ApiError} when the server refuses,
 * {@link UnknownKind} when it does not know the kind, and `ClusterUnreachable` when it does not answer.
 */
export class KubernetesClient {
  readonly #transport: Transport;
  readonly #served = new Map<string, Promise<ReadonlyMap<string, Served>>>();

  constructor(connection: Connection) {
    this.#transport = openTransport(connection);
  }

  get(reference: Reference): Promise<Properties> {
    return this.#call("GET", reference, {});
  }

  /** The object, or `undefined` when there is none (or no such kind). */
  async find(reference: Reference): Promise<Properties | undefined> {
    try {
      return await this.get(reference);
    } catch (error) {
      if (isNotFound(error) || error instanceof UnknownKind) return undefined;
      throw error;
    }
  }

  async list(kind: Kind, namespace: string, query: Query = {}): Promise<Properties[]> {
    const answer = await this.#call("GET", { ...kind, namespace, name: "" }, query);
    // Items of a list do not repeat their kind.
    return listAt(answer, "items")
      .filter(isObject)
      .map((item) => ({ ...kind, ...item }));
  }

  create(object: Properties, query: Query): Promise<Properties> {
    return this.#call("POST", { ...referenceTo(object), name: "" }, query, object);
  }

  replace(object: Properties, query: Query): Promise<Properties> {
    return this.#call("PUT", referenceTo(object), query, object);
  }

  patch(reference: Reference, type: keyof typeof PATCH_TYPES, patch: Value, query: Query): Promise<Properties> {
    return this.#call("PATCH", reference, query, patch, PATCH_TYPES[type]);
  }

  remove(reference: Reference, options: Properties): Promise<Properties> {
    return this.#call("DELETE", reference, {}, options);
  }

  /** Follows the changes of the objects a query selects, until the server ends it or `signal` is aborted. */
  async *watch(kind: Kind, namespace: string, query: Query, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const path = await this.#path({ ...kind, namespace, name: "" }, { ...query, watch: "true" });
    const response = await this.#transport.send({ method: "GET", path, signal });
    if ((response.statusCode ?? 500) >= 400) throw new ApiError(response.statusCode ?? 500, await readJson(response));
    try {
      for await (const line of lines(response)) {
        const event: Value = JSON.parse(line);
        if (isWatchEvent(event)) yield event;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      response.destroy();
    }
  }

  /** Whether objects of a kind live in namespaces. Throws {@link UnknownKind} when the cluster does not know it. */
  async isNamespaced(kind: Kind): Promise<boolean> {
    return (await this.#resource(kind)).namespaced;
  }

  async knows(kind: Kind): Promise<boolean> {
    try {
      await this.#resource(kind);
      return true;
    } catch (error) {
      if (error instanceof UnknownKind) return false;
      throw error;
    }
  }

  /** Forgets which kinds there are, so that one just defined is found. */
  forgetKinds(): void {
    this.#served.clear();
  }

  async #call(
    method: Method,
    reference: Reference,
    query: Query,
    body?: Value,
    contentType?: string,
  ): Promise<Properties> {
    return this.#send({
      method,
      path: await this.#path(reference, query),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(contentType === undefined ? {} : { contentType }),
    });
  }

  async #send(exchange: Exchange): Promise<Properties> {
    const response = await this.#transport.send(exchange);
    const answer = await readJson(response);
    const status = response.statusCode ?? 500;
    if (status >= 400) throw new ApiError(status, answer);
    return answer;
  }

  async #path({ apiVersion, kind, namespace, name }: Reference, query: Query): Promise<string> {
    const { plural, namespaced } = await this.#resource({ apiVersion, kind });
    const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace === "" ? "default" : namespace)}` : "";
    const object = name === "" ? "" : `/${encodeURIComponent(name)}`;
    const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, value]],
    );
    const search = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
    return `${groupPath(apiVersion)}${scope}/${plural}${object}${search}`;
  }

  async #resource({ apiVersion, kind }: Kind): Promise<Served> {
    const known = this.#served.get(apiVersion) ?? this.#discover(apiVersion);
    this.#served.set(apiVersion, known);
    const resource = (await known).get(kind);
    if (resource !== undefined) return resource;
    // Perhaps it is defined a moment later: ask again next time.
    this.#served.delete(apiVersion);
    throw new UnknownKind(apiVersion, kind);
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, Served>> {
    try {
      const answer = await this.#send({ method: "GET", path: groupPath(apiVersion) });
      const resources = listAt(answer, "resources").filter((resource) => !textAt(resource, "name")?.includes("/"));
      return new Map(
        resources.map((resource) => [
          textAt(resource, "kind") ?? "",
          { plural: textAt(resource, "name") ?? "", namespaced: isObject(resource) && resource.namespaced === true },
        ]),
      );
    } catch (error) {
      this.#served.delete(apiVersion);
      if (isNotFound(error)) return new Map();
      throw error;
    }
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function isWatchEvent(value: unknown): value is WatchEvent {
  return typeof value === "object" && value !== null && "type" in value && "object" in value;
}

async function readJson(response: IncomingMessage): Promise<Properties> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    const parsed: Value = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    // Proxies and broken servers answer in plain text.
    return { message: text.trim() };
  }
}

async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter((line) => line !== "");
  }
}
