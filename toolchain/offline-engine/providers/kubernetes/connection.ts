import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { Properties, Value } from "../../values.ts";
import { listAt, objectAt, textAt } from "./objects.ts";
import type { Settings } from "./settings.ts";

/** Where the API server is and how to prove who we are. */
export interface Connection {
  /** For example `https://127.0.0.1:6443`. */
  readonly server: string;
  /** TLS material and headers of the next request; asked for each, because tokens can expire. */
  options(): Promise<RequestOptions>;
}

/**
 * Connects by certificates and tokens on its own. Everything else a kubeconfig can hold (credential plugins, proxies,
 * several files, a pod's service account) is left to `@kubernetes/client-node`, which is loaded only then: it costs half
 * a second and 80 MB, more than the rest of the engine together.
 */
export async function connect(settings: Settings): Promise<Connection> {
  const source = kubeconfigSource(settings);
  return (source && plainConnection(source, settings.context)) ?? (await fullConnection(settings));
}

interface Source {
  readonly text: string;
  /** Relative paths in a kubeconfig start from its own folder. */
  readonly folder: string;
}

/** The one kubeconfig to use, or `undefined` when it is none or several. */
function kubeconfigSource({ kubeconfig, environment }: Settings): Source | undefined {
  if (kubeconfig !== undefined && !isPath(kubeconfig)) return { text: kubeconfig, folder: process.cwd() };
  const file = kubeconfig ?? environment.KUBECONFIG ?? join(environment.HOME ?? "", ".kube", "config");
  if (file.includes(delimiter) || !existsSync(file)) return undefined;
  return { text: readFileSync(file, "utf8"), folder: dirname(resolve(file)) };
}

/** A kubeconfig's contents have several lines, or at least a colon after a key; a path that exists has neither. */
export function isPath(kubeconfig: string): boolean {
  return !kubeconfig.includes("\n") && !kubeconfig.trimStart().startsWith("{") && existsSync(kubeconfig);
}

const PLAIN_USER: readonly string[] = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
];
const PLAIN_CLUSTER: readonly string[] = [
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "insecure-skip-tls-verify",
  "extensions",
];

/** `undefined` when the kubeconfig holds something this function does not understand. */
function plainConnection(source: Source, wanted: string | undefined): Connection | undefined {
  const config: Value = parse(source.text);
  const contextName = wanted ?? textAt(config, "current-context");
  const context = named(config, "contexts", "context", contextName);
  const cluster = named(config, "clusters", "cluster", textAt(context, "cluster"));
  const user = named(config, "users", "user", textAt(context, "user")) ?? {};
  if (cluster === undefined) {
    if (contextName === undefined) return undefined;
    throw new Error(
      `The kubeconfig has no usable context "${contextName}". Name one that \`kubectl config get-contexts\` lists.`,
    );
  }
  const server = textAt(cluster, "server");
  if (server === undefined || !onlyHas(cluster, PLAIN_CLUSTER) || !onlyHas(user, PLAIN_USER)) return undefined;
  const tokenFile = textAt(user, "tokenFile");
  // A pod's token is renewed in its file every hour.
  const token = () =>
    tokenFile === undefined ? textAt(user, "token") : readFileSync(resolve(source.folder, tokenFile), "utf8").trim();
  const options: RequestOptions = {
    ...given("ca", bytesOf(cluster, "certificate-authority", source.folder)),
    ...given("cert", bytesOf(user, "client-certificate", source.folder)),
    ...given("key", bytesOf(user, "client-key", source.folder)),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
  };
  const headers = () => {
    const bearer = token();
    return bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } };
  };
  return { server, options: async () => ({ ...options, ...headers() }) };
}

function named(config: Value, list: string, key: string, name: string | undefined): Properties | undefined {
  const entry = listAt(config, list).find((item) => textAt(item, "name") === name);
  return objectAt(entry, key);
}

function onlyHas(object: Properties, keys: readonly string[]): boolean {
  return Object.keys(object).every((key) => keys.includes(key));
}

/** Kubeconfigs hold each piece of TLS material either inline as base64 or by file name. */
function bytesOf(object: Properties, key: string, folder: string): Buffer | undefined {
  const inline = textAt(object, `${key}-data`);
  if (inline !== undefined) return Buffer.from(inline, "base64");
  const file = textAt(object, key);
  return file === undefined ? undefined : readFileSync(resolve(folder, file));
}

function given(key: "ca" | "cert" | "key", value: Buffer | undefined): RequestOptions {
  return value === undefined ? {} : { [key]: value };
}

/** What the library falls back to when it finds no kubeconfig at all. */
const NOBODY = "http://localhost:8080";

async function fullConnection({ kubeconfig, context }: Settings): Promise<Connection> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else if (isPath(kubeconfig)) config.loadFromFile(kubeconfig);
  else config.loadFromString(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || server === NOBODY) {
    throw new Error(
      "There is no kubeconfig with a current cluster. Set KUBECONFIG, or the `kubeconfig` of the kubernetes provider.",
    );
  }
  return {
    server,
    options: async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
}
