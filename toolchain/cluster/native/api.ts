import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { type Layout, network } from "./settings.ts";

/** A connection to the API server as the administrator. Plain `node:https`, because it must answer within milliseconds. */
export interface Api {
  /** The answer's status and body; `undefined` when nothing answers within the time. */
  get(path: string): Promise<{ status: number; body: string } | undefined>;
  /** The answer's body read as JSON, when its status is 200. */
  getJson(path: string): Promise<unknown>;
  delete(path: string): Promise<void>;
  close(): void;
}

const timeoutMilliseconds = 5000;

/** Gives `undefined` when the cluster has no certificates yet. */
export async function openApi(at: Layout): Promise<Api | undefined> {
  const pem = async (file: string) => readFile(join(at.pki, file)).catch(() => undefined);
  const [ca, cert, key] = [await pem("ca.crt"), await pem("admin.crt"), await pem("admin.key")];
  if (ca === undefined || cert === undefined || key === undefined) return undefined;
  const agent = new Agent({ ca, cert, key, keepAlive: true });

  const send = (method: "GET" | "DELETE", path: string) =>
    new Promise<{ status: number; body: string } | undefined>((resolve) => {
      const options = { host: network.nodeAddress, port: network.apiPort, path, method, agent };
      const outgoing = request({ ...options, timeout: timeoutMilliseconds }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", () => resolve(undefined));
      });
      outgoing.on("timeout", () => outgoing.destroy());
      outgoing.on("error", () => resolve(undefined));
      outgoing.end();
    });

  return {
    get: (path) => send("GET", path),
    async getJson(path) {
      const answer = await send("GET", path);
      return answer?.status === 200 ? JSON.parse(answer.body) : undefined;
    },
    async delete(path) {
      await send("DELETE", path);
    },
    close: () => agent.destroy(),
  };
}
