import type { Logger } from "pino";
import { createOperationPods } from "./cluster/operation-pods.ts";
import { openClusters } from "./clusters.ts";
import type { Config } from "./config.ts";
import type { Connection } from "./database/connection.ts";
import { readSettings } from "./database/settings-repository.ts";
import { createElsewhere, workPlaceOf } from "./elsewhere.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { lazyRunner } from "./lazy-runner.ts";
import { createPodStackRunner } from "./pod-stack-runner.ts";
import type { Tracing } from "./tracing/tracing.ts";
import { createPost } from "./webhooks/post.ts";
import { startSender } from "./webhooks/sender.ts";
import { secretMaker } from "./webhooks/signature.ts";
import { type RunningWorker, runWorker } from "./worker/run-worker.ts";

/** What a worker takes from the configuration. */
export type WorkerConfig = Pick<
  Config,
  | "concurrency"
  | "leaseSeconds"
  | "retentionDays"
  | "storeProgram"
  | "workFolders"
  | "pulumi"
  | "cluster"
  | "target"
  | "signingKey"
  | "sealingKeys"
  | "ingressAddress"
  | "operationJob"
>;

/** Puts a worker together from the configuration and lets it take operations. */
export async function startWorkerProcess(
  config: WorkerConfig,
  connection: Connection,
  logger: Logger,
  tracing: Tracing,
): Promise<RunningWorker> {
  const { pulumi, cluster, storeProgram, workFolders, concurrency, leaseSeconds } = config;
  // One set of connections for everybody.
  const { clusters } = openClusters(config, connection.database);
  const server = async () => clusters.home.server;
  const pods =
    config.operationJob && createOperationPods(server, config.operationJob.template, config.operationJob.namespace);
  const local = lazyRunner(async () => {
    const { createStoreRunner } = await import("./store-runner.ts");
    return createStoreRunner({
      pulumiRoot: pulumi.root,
      program: storeProgram,
      workFolders,
      inherited: pulumi.inherited,
      environment: pulumi.environment,
      backendUrl: pulumi.backendUrl,
      secretsProvider: pulumi.secretsProvider,
      kubeconfig: cluster.kubeconfig,
      context: cluster.context,
    });
  });
  const runner = pods === undefined ? local : createPodStackRunner(local, pods, pulumi.environment);
  const elsewhere = createElsewhere(clusters, connection.database, runner);
  const worker = await runWorker({
    connection,
    concurrency,
    leaseSeconds,
    // Several signs of life within each lease.
    interval: Math.min(5000, (leaseSeconds * 1000) / 6),
    logger,
    tracing,
    ...workPlaceOf(clusters.home, runner),
    elsewhere,
    ...(pods && { runs: { running: () => pods.running(), end: (mark) => pods.end(mark), areEverywhere: true } }),
  });
  const keeping = { config, connection, runner, clusters, elsewhere, workerId: worker.id, logger };
  const housekeeping = startHousekeeping(keeping);
  const telling = await startTelling(config.signingKey, connection, logger);
  return {
    ...worker,
    stop: async () => {
      await Promise.all([telling.stop(), housekeeping.stop(), worker.stop()]);
    },
  };
}

/** Tells webhooks what happens. */
async function startTelling(
  signingKey: string | undefined,
  connection: Connection,
  logger: Logger,
): Promise<{ stop(): Promise<void> }> {
  if (signingKey === undefined) return { stop: async () => {} };
  const mayBePrivate = async () => (await readSettings(connection.database)).settings.webhooksToPrivateAddresses;
  const { post, close } = createPost({ mayBePrivate });
  const sender = await startSender({ connection, post, secrets: secretMaker(signingKey), logger });
  return {
    async stop() {
      // What is under way is cut off: it is sent again, by whoever comes next.
      await Promise.all([close(), sender.stop()]);
    },
  };
}
