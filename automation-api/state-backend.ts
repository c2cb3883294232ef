import { access, constants } from "node:fs/promises";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { CircuitOpen, createCircuit } from "./circuit.ts";

/** How Pulumi's state can be reached: `unknown` where only Pulumi itself could tell. */
export type BackendStatus = "ok" | "away" | "unknown";

/** Asks at most once in so many milliseconds, and waits for an answer for so long. */
const FRESH = 5000;
const PATIENCE = 2000;

const PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80, "postgres:": 5432, "postgresql:": 5432 };

/**
 * Whether Pulumi's state backend answers: a folder that can be written to, a server that takes connections. Never throws;
 * what it was told is good for some seconds.
 */
export function createBackendProbe(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now,
): () => Promise<BackendStatus> {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = environment;
  // What is reached through a proxy cannot be reached by us.
  const isBehindProxy = /^https?:/.test(url) && Boolean(HTTPS_PROXY ?? https_proxy ?? HTTP_PROXY ?? http_proxy);
  if (isBehindProxy) return async () => "unknown";

  const circuit = createCircuit({ failures: 3, pause: FRESH });
  let last: { at: number; status: Promise<BackendStatus> } | undefined;
  return () => {
    if (last === undefined || now() - last.at > FRESH) {
      last = { at: now(), status: circuit.run(() => look(url)).catch(awayOrOpen) };
    }
    return last.status;
  };
}

function awayOrOpen(error: unknown): BackendStatus {
  if (error instanceof CircuitOpen || error instanceof Error) return "away";
  throw error;
}

async function look(text: string): Promise<BackendStatus> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "file:") return lookAtFolder(text);
  const port = url && (Number(url.port) || PORTS[url.protocol]);
  // S3 and its like: which server that is, is known to Pulumi's drivers only.
  if (url === undefined || port === undefined || url.hostname === "") return "unknown";
  await canConnect(url.hostname.replace(/^\[|\]$/g, ""), port);
  return "ok";
}

/** A folder that is not there yet is made by Pulumi. */
async function lookAtFolder(text: string): Promise<BackendStatus> {
  const isPath = /^file:\/\/\/[^?]*$/.test(text);
  if (!isPath) return "unknown";
  try {
    await access(fileURLToPath(text), constants.R_OK | constants.W_OK);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return "ok";
}

function canConnect(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(new Error("The state backend did not answer in time.")));
    socket.once("error", end);
  });
}
