import type { Logger } from "pino";
import { type ApiServer, connectToCluster } from "./cluster/api-server.ts";
import { createCredentialsReader } from "./cluster/credentials-reader.ts";
import { leftOfStore } from "./cluster/left-of-store.ts";
import { watchStore } from "./cluster/watch-store.ts";
import type { Config } from "./config.ts";
import type { Connection } from "./database/connection.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { lazyRunner } from "./lazy-runner.ts";
import { loopbackFetch } from "./loopback-fetch.ts";
import { type RunningWorker, runWorker } from "./worker/run-worker.ts";

/** What a worker takes from the configuration. */
export type WorkerConfig = Pick<
  Config,
  "concurrency" | "leaseSeconds" | "retentionDays" | "storeProgram" | "workFolders" | "pulumi" | "cluster" | "target"
>;

/** Puts a worker together from the configuration and lets it take operations. */
export async function startWorkerProcess(
  config: WorkerConfig,
  connection: Connection,
  logger: Logger,
): Promise<RunningWorker> {
  const { pulumi, cluster, storeProgram, workFolders, target, concurrency, leaseSeconds } = config;
  const runner = lazyRunner(async () => {
    const { createStoreRunner } = await import("./store-runner.ts");
    return createStoreRunner({
      pulumiRoot: pulumi.root,
      program: storeProgram,
      workFolders,
      inherited: pulumi.inherited,
      environment: pulumi.environment,
      backendUrl: pulumi.backendUrl,
      kubeconfig: cluster.kubeconfig,
      context: cluster.context,
    });
  });
  const server = sharedServer(() => connectToCluster(cluster));
  const worker = await runWorker({
    connection,
    concurrency,
    leaseSeconds,
    // Several signs of life within each lease.
    interval: Math.min(5000, (leaseSeconds * 1000) / 6),
    logger,
    tools: {
      runner,
      target,
      request: loopbackFetch,
      readCredentials: createCredentialsReader(cluster),
      leftOf: async (store) => leftOfStore(await server(), store),
    },
    watchPods: (store, onNews, signal) => watchStore(server, { store, onNews, signal }),
  });
  const housekeeping = startHousekeeping({ config, connection, runner, server, workerId: worker.id, logger });
  return {
    ...worker,
    stop: async () => {
      await Promise.all([housekeeping.stop(), worker.stop()]);
    },
  };
}

/** One set of connections for everybody; a kubeconfig that could not be read is read again at the next call. */
function sharedServer(connect: () => Promise<ApiServer>): () => Promise<ApiServer> {
  let connected: Promise<ApiServer> | undefined;
  return async () => {
    connected ??= connect();
    try {
      return await connected;
    } catch (error) {
      connected = undefined;
      throw error;
    }
  };
}
