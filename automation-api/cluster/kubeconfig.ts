import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** Where a cluster is, as npm start found it. */
export interface ClusterAddress {
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  /** Context in the kubeconfig. */
  readonly context: string;
}

/** Where the API server is and how to prove who we are. */
export interface ClusterAccess {
  /** For example `https://127.0.0.1:6443`. */
  readonly server: string;
  /** TLS material and headers of the next request; asked for each, because tokens can expire. */
  options(): Promise<RequestOptions>;
}

const kubeconfigSchema = z.object({
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.looseObject({
        server: z.string(),
        "certificate-authority": z.string().optional(),
        "certificate-authority-data": z.string().optional(),
        "insecure-skip-tls-verify": z.boolean().optional(),
      }),
    }),
  ),
  contexts: z.array(z.object({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) })),
  users: z.array(z.object({ name: z.string(), user: z.record(z.string(), z.unknown()) })),
});

/** All that a user may hold for us to do without the Kubernetes client. */
const plainUserSchema = z.strictObject({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
});

const BEYOND_US = ["proxy-url", "tls-server-name"];

/**
 * Certificates and tokens are read here. Everything else that a kubeconfig can hold, such as credential plugins and
 * proxies, is left to `@kubernetes/client-node`, which is loaded only then: it costs half a second and 80 MB.
 */
export async function readAccess(address: ClusterAddress): Promise<ClusterAccess> {
  const { kubeconfig, context } = address;
  const folder = dirname(resolve(kubeconfig));
  return plainAccess(readFileSync(kubeconfig, "utf8"), context, folder) ?? (await fullAccess(address));
}

/** The same of a kubeconfig that was given to us, which names neither files nor programs. */
export function accessOfContent(content: string, context: string): ClusterAccess {
  const access = plainAccess(content, context, "/nowhere");
  if (access === undefined) throw new Error("The kubeconfig holds what a kubeconfig that is kept here must not hold.");
  return access;
}

/** @param folder what names of files begin in */
function plainAccess(content: string, context: string, folder: string): ClusterAccess | undefined {
  const config = kubeconfigSchema.parse(parse(content));
  const chosen = config.contexts.find(({ name }) => name === context)?.context;
  const cluster = config.clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = plainUserSchema.safeParse(config.users.find(({ name }) => name === chosen?.user)?.user ?? {});
  if (cluster === undefined || !user.success || BEYOND_US.some((key) => key in cluster)) return undefined;
  const given = { ...user.data, ...cluster };
  const pem = (key: "certificate-authority" | "client-certificate" | "client-key") => {
    const data = given[`${key}-data`];
    if (data !== undefined) return Buffer.from(data, "base64");
    const file = given[key];
    return file === undefined ? undefined : readFileSync(resolve(folder, file));
  };
  const [ca, cert, key] = [pem("certificate-authority"), pem("client-certificate"), pem("client-key")];
  const options: RequestOptions = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(given["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
  };
  // A pod's token is renewed in its file every hour.
  const { tokenFile } = given;
  const token = () => (tokenFile === undefined ? given.token : readFileSync(resolve(folder, tokenFile), "utf8").trim());
  const headers = () => {
    const bearer = token();
    return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  };
  return { server: cluster.server, options: async () => ({ ...options, headers: headers() }) };
}

async function fullAccess({ kubeconfig, context }: ClusterAddress): Promise<ClusterAccess> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`The kubeconfig ${kubeconfig} has no context "${context}".`);
  return {
    server,
    async options() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
}
