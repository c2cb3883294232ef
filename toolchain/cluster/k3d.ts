import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { run, succeeds } from "../lib/exec.ts";
import type { Finding } from "../lib/finding.ts";
import { withLock } from "../lib/lock.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { downloadOfficial } from "../tools/download.ts";
import type { Cluster } from "./ready-cluster.ts";

/**
 * A cluster in Docker by k3d, for machines that have Docker. It brings Traefik, a StorageClass, metrics and a controller
 * that enforces NetworkPolicies. UNTRIED: it was written where there is no Docker; only its command lines are tested.
 */

const clusterName = "storefleet";
const version = "v5.8.3";
const cacheKey = join("tools", "k3d", version);
const release = `https://github.com/k3d-io/k3d/releases/download/${version}`;
const download = { url: `${release}/k3d-linux-amd64`, sums: `${release}/checksums.txt` };

/** Name of the container that is the only node. */
const nodeContainer = `k3d-${clusterName}-server-0`;

/** Arguments of `k3d` and `docker`, apart so that they can be tested without either. */
export const k3dArguments = {
  list: () => ["cluster", "list", "--output", "json"],
  create: (httpPort: number) => [
    ...["cluster", "create", clusterName, "--wait", "--timeout", "300s"],
    // Loopback only: without an address Docker would publish the ports to the whole network.
    ...["--api-port", "127.0.0.1:6550"],
    ...["--port", `127.0.0.1:${httpPort}:80@loadbalancer`],
    "--kubeconfig-update-default=false",
    "--kubeconfig-switch-context=false",
  ],
  start: () => ["cluster", "start", clusterName, "--wait", "--timeout", "300s"],
  stop: () => ["cluster", "stop", clusterName],
  remove: () => ["cluster", "delete", clusterName],
  kubeconfig: () => ["kubeconfig", "get", clusterName],
  importImage: (archive: string) => ["image", "import", archive, "--cluster", clusterName],
  hasImage: (reference: string) => ["exec", nodeContainer, "crictl", "inspecti", "--quiet", reference],
};

/** Whether a Docker daemon answers. A hanging one counts as none. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds("docker", ["info"], { timeoutSeconds: 10 });
}

const listSchema = z.array(z.object({ name: z.string(), serversRunning: z.number().default(0) }));

/** What `k3d cluster list` says about our cluster. */
export function parseClusterList(json: string): "running" | "stopped" | "absent" {
  const found = listSchema.parse(JSON.parse(json)).find(({ name }) => name === clusterName);
  if (found === undefined) return "absent";
  return found.serversRunning > 0 ? "running" : "stopped";
}

/** The k3d on the PATH or one downloaded earlier; `undefined` when there is neither. */
async function findK3d(context: ToolchainContext): Promise<string | undefined> {
  const downloaded = join(context.paths.cache, cacheKey, "k3d");
  for (const candidate of ["k3d", downloaded]) {
    if (await succeeds(candidate, ["version"])) return candidate;
  }
  return undefined;
}

async function ensureK3dProgram(context: ToolchainContext): Promise<string> {
  const found = await findK3d(context);
  if (found !== undefined) return found;
  const folder = await cached(context, cacheKey, async (temporary) => {
    if (await downloadOfficial(context, download, ["k3d"], temporary)) return;
    throw new ToolchainProblem(
      "Docker runs here, but k3d, which makes a cluster in it, is missing and could not be downloaded.",
      "Install k3d as https://k3d.io describes it, and run the command again.",
    );
  });
  return join(folder, "k3d");
}

export async function ensureK3d(context: ToolchainContext): Promise<Cluster> {
  const k3d = await ensureK3dProgram(context);
  const httpPort = context.environment.STOREFLEET_HTTP_PORT;
  await withLock(
    join(context.paths.run, "cluster.lock"),
    "starting the cluster",
    () => bringUp(context, k3d, httpPort),
    {
      waitSeconds: 900,
      signal: context.signal,
    },
  );
  await mkdir(context.paths.cluster, { recursive: true });
  const kubeconfig = join(context.paths.cluster, "kubeconfig");
  await writeFile(kubeconfig, (await run(k3d, k3dArguments.kubeconfig())).stdout, { mode: 0o600 });
  return {
    kind: "k3d",
    kubeconfig,
    context: `k3d-${clusterName}`,
    ingress: { className: "traefik", namespace: "kube-system", address: "127.0.0.1", port: httpPort },
    storageClass: "local-path",
    // K3s configures its own provisioner without one.
    sharedStorageClass: "",
    enforcesNetworkPolicy: true,
    hasImage: (reference) => succeeds("docker", k3dArguments.hasImage(reference)),
    loadImage: async (archive) => {
      await run(k3d, k3dArguments.importImage(archive), { signal: context.signal });
    },
  };
}

async function bringUp(context: ToolchainContext, k3d: string, httpPort: number): Promise<void> {
  const state = parseClusterList((await run(k3d, k3dArguments.list())).stdout);
  if (state === "running") return;
  const [title, args] =
    state === "absent"
      ? ["Creating a k3d cluster", k3dArguments.create(httpPort)]
      : ["Starting the k3d cluster", k3dArguments.start()];
  await context.reporter.step(title, state === "absent" ? 60 : 20, async (step) => {
    await run(k3d, args, { log: step.log, signal: context.signal });
  });
}

async function stateOf(k3d: string | undefined): Promise<"running" | "stopped" | "absent"> {
  if (k3d === undefined) return "absent";
  const listed = await run(k3d, k3dArguments.list()).catch(() => undefined);
  return listed === undefined ? "absent" : parseClusterList(listed.stdout);
}

export async function stopK3d(context: ToolchainContext): Promise<void> {
  const k3d = await findK3d(context);
  if (k3d === undefined || (await stateOf(k3d)) !== "running") return;
  await context.reporter.step("Stopping the k3d cluster", 15, async (step) => {
    await run(k3d, k3dArguments.stop(), { log: step.log });
  });
}

export async function removeK3d(context: ToolchainContext): Promise<void> {
  const k3d = await findK3d(context);
  if (k3d === undefined || (await stateOf(k3d)) === "absent") return;
  await context.reporter.step("Removing the k3d cluster", 15, async (step) => {
    await run(k3d, k3dArguments.remove(), { log: step.log });
  });
}

/** Docker answers, so a start can only fail for want of k3d itself, which it then downloads. */
export async function inspectK3d(context: ToolchainContext): Promise<Finding> {
  const k3d = await findK3d(context);
  const choice = `a k3d cluster in Docker (${await stateOf(k3d)})`;
  return { need: "cluster", choice, ready: true, missing: k3d === undefined ? ["k3d (will be downloaded)"] : [] };
}
