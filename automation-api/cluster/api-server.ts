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
  /** Closes kept connections. */
  close(): void;
}

function send(
  access: ClusterAccess,
  agent: HttpAgent | HttpsAgent,
  path: string,
  signal: AbortSignal,
  form: AnswerForm = "whole",
): Promise<IncomingMessage> {
  const server = new URL(access.server);
  const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
  const begin = url.protocol === "https:" ? httpsRequest : httpRequest;
  return access.options().then(
    ({ headers, ...tls }) =>
      new Promise((resolve, reject) => {
        const accept = { ...headers, accept: accepted[form] };
        const outgoing = begin(url, { agent, ...tls, headers: accept, signal });
        outgoing.on("response", resolve);
        outgoing.on("error", reject);
        outgoing.end();
      }),
  );
}

/** The answer's status when it is of use, else an error; the body of a refusal is not repeated. */
async function ask(...request: Parameters<typeof send>): Promise<IncomingMessage> {
  const [access, , path] = request;
  try {
    const answer = await send(...request);
    if (answer.statusCode === 200 || answer.statusCode === 404) return answer;
    answer.resume();
    throw new Error(`GET ${path.split("?")[0]} answered ${answer.statusCode}.`);
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
  const access = await readAccess(address);
  const agent = access.server.startsWith("https:")
    ? new HttpsAgent({ keepAlive: true })
    : new HttpAgent({ keepAlive: true });
  return {
    async get(path, signal, form) {
      const answer = await ask(access, agent, path, signal, form);
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
    close: () => agent.destroy(),
  };
}
