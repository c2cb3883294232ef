import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type ClusterAccess, type ClusterAddress, readAccess } from "./kubeconfig.ts";

/** The cluster does not answer, or answers in a way that says nothing. */
export class ClusterUnreachable extends Error {
  override readonly name = "ClusterUnreachable";
}

/** How much of objects is told: all, or of lists only the names, labels and times, and never what they hold. */
export type AnswerForm = "whole" | "metadata";

const accepted: Readonly<Record<AnswerForm, string>> = {
  whole: "application/json",
  metadata: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
};

/** The little of a cluster's API that the service asks for by itself. */
export interface ApiServer {
  /**
   * What is at a path such as `/api/v1/namespaces/store-demo`; `undefined` when nothing is. Throws ClusterUnreachable.
   * @param form default: whole
   */
  get(path: string, signal: AbortSignal, form?: AnswerForm): Promise<unknown>;
  /** One line of JSON after the other until the server ends it. Throws ClusterUnreachable. */
  follow(path: string, signal: AbortSignal): AsyncIterable<unknown>;
  /** Makes an object below a path such as `/api/v1/namespaces/store-demo/pods`, and gives it as it is then. Throws ClusterUnreachable. */
  post(path: string, object: unknown, signal: AbortSignal): Promise<unknown>;
  /** Puts an object in the place of the one at its path. Throws ClusterUnreachable. */
  put(path: string, object: unknown, signal: AbortSignal): Promise<void>;
  /** Begins to remove what is at a path, or all that a list there holds; nothing happens when nothing is. Throws ClusterUnreachable. */
  remove(path: string, options: unknown, signal: AbortSignal): Promise<void>;
  /** Closes kept connections. */
  close(): void;
}

/** What is asked of the server; default: `GET`, whole, without a body. */
interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly form?: AnswerForm | undefined;
  readonly body?: unknown;
}

function send(
  access: ClusterAccess,
  agent: HttpAgent | HttpsAgent,
  path: string,
  signal: AbortSignal,
  { method = "GET", form = "whole", body }: Asked = {},
): Promise<IncomingMessage> {
  const server = new URL(access.server);
  const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
  const begin = url.protocol === "https:" ? httpsRequest : httpRequest;
  return access.options().then(
    ({ headers, ...tls }) =>
      new Promise((resolve, reject) => {
        const sent = body === undefined ? undefined : JSON.stringify(body);
        // Node sends the body of a DELETE without its length, unless it is told, and servers then take it for empty.
        const json =
          sent === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(sent) };
        const outgoing = begin(url, {
          agent,
          ...tls,
          method,
          headers: { ...headers, ...json, accept: accepted[form] },
          signal,
        });
        outgoing.on("response", resolve);
        outgoing.on("error", reject);
        outgoing.end(sent);
      }),
  );
}

const USEFUL: readonly (number | undefined)[] = [200, 201, 202, 404];

/** The answer's status when it is of use, else an error; the body of a refusal is not repeated. */
async function ask(...request: Parameters<typeof send>): Promise<IncomingMessage> {
  const [access, , path, , asked] = request;
  try {
    const answer = await send(...request);
    if (USEFUL.includes(answer.statusCode)) return answer;
    answer.resume();
    throw new Error(`${asked?.method ?? "GET"} ${path.split("?")[0]} answered ${answer.statusCode}.`);
  } catch (cause) {
    throw new ClusterUnreachable(`The cluster at ${access.server} does not answer.`, { cause });
  }
}

async function* lines(answer: IncomingMessage): AsyncIterable<unknown> {
  for await (const line of createInterface({ input: answer })) {
    if (line !== "") yield JSON.parse(line);
  }
}

/** Opens no connection before the first question. Throws when the kubeconfig cannot be read. */
export async function connectToCluster(address: ClusterAddress): Promise<ApiServer> {
  return connectBy(await readAccess(address));
}

/** Opens no connection before the first question. */
export function connectBy(access: ClusterAccess): ApiServer {
  const agent = access.server.startsWith("https:")
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true });
  return {
    async get(path, signal, form) {
      const answer = await ask(access, agent, path, signal, { form });
      const body = await text(answer);
      return answer.statusCode === 404 ? undefined : JSON.parse(body);
    },
    async *follow(path, signal) {
      const answer = await ask(access, agent, path, signal);
      try {
        yield* lines(answer);
      } finally {
        answer.destroy();
      }
    },
    async post(path, object, signal) {
      const answer = await ask(access, agent, path, signal, { method: "POST", body: object });
      const made = await text(answer);
      if (answer.statusCode === 404) throw new ClusterUnreachable(`The cluster has no ${path}.`);
      return made === "" ? undefined : JSON.parse(made);
    },
    async put(path, object, signal) {
      const answer = await ask(access, agent, path, signal, { method: "PUT", body: object });
      answer.resume();
      if (answer.statusCode === 404) throw new ClusterUnreachable(`The cluster has no ${path}.`);
    },
    async remove(path, options, signal) {
      (await ask(access, agent, path, signal, { method: "DELETE", body: options })).resume();
    },
    close: () => agent.destroy(),
  };
}
