// One process of the service: the API, a worker, or both, as STOREFLEET_ROLE says.
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import manifest from "../package.json" with { type: "json" };
import { type Config, ConfigProblem, readConfig } from "./config.ts";
import { type Connection, connect } from "./database/connection.ts";
import { migrate } from "./database/migrate.ts";
import { type Faults, noFaults } from "./fault-points.ts";
import { createLogger } from "./logger.ts";
import { showLife } from "./sign-of-life.ts";
import { startTracing } from "./tracing/start-tracing.ts";
import type { Tracing } from "./tracing/tracing.ts";

/** How to undo what was started, in the order of starting. */
type Releasers = { readonly name: string; readonly release: () => Promise<void> }[];

/** How long stopping may take in all, in milliseconds. */
const PATIENCE = 10_000;

/** Loaded only where it runs: a worker needs no HTTP, and the API needs no Pulumi. */
async function startApi(
  config: Config,
  connection: Connection,
  logger: Logger,
  tracing: Tracing,
  releasers: Releasers,
): Promise<void> {
  const { startApiProcess } = await import("./api-process.ts");
  const { createCredentialsReader } = await import("./cluster/credentials-reader.ts");
  const { inspectCluster } = await import("./cluster/inspect-cluster.ts");
  const { openClusters } = await import("./clusters.ts");
  const { clusters, sealer } = openClusters(config, connection.database);
  const { server } = clusters.home;
  const api = await startApiProcess({
    config,
    connection,
    logger,
    readCredentials: async (store) => {
      const cluster = await clusters.find(store.cluster ?? clusters.home.name);
      return createCredentialsReader(cluster.server)(store);
    },
    inspectCluster: () => inspectCluster(server),
    clusters,
    sealer,
    version: manifest.version,
    tracing,
  });
  releasers.push({ name: "api", release: api.stop });
  logger.info({ port: api.port, origin: config.publicOrigin }, "the API answers");
}

async function startWorker(
  config: Config,
  connection: Connection,
  logger: Logger,
  tracing: Tracing,
  releasers: Releasers,
): Promise<void> {
  const { startWorkerProcess } = await import("./worker-process.ts");
  const worker = await startWorkerProcess(config, connection, logger, tracing);
  releasers.push({ name: "worker", release: () => worker.stop() });
  // It cannot take operations any more; a new process can.
  void worker.failed.then((error) => {
    logger.fatal({ err: error }, "the worker cannot go on");
    stop(1);
  });
  logger.info({ concurrency: config.concurrency }, "the worker takes operations");
}

/** In every process but those of certain tests there are none, and nothing of them is loaded. */
async function faultsOf({ faults }: Config, logger: Logger): Promise<Faults> {
  if (faults === undefined) return noFaults;
  logger.warn({ folder: faults }, "this is a test: processes die at points that are armed here");
  const { faultsIn } = await import("./faults.ts");
  return faultsIn(faults);
}

async function start(config: Config, logger: Logger, releasers: Releasers): Promise<void> {
  const faults = await faultsOf(config, logger);
  const connection = connect(config.databaseUrl, {
    faults,
    // Each operation that runs writes, and the queue and the listeners need connections of their own.
    maxConnections: 10 + config.concurrency,
    onLost: (error) => logger.warn({ err: error }, "a connection to the database broke"),
  });
  releasers.push({ name: "database", release: connection.close });
  const newer = await migrate(connection);
  if (newer.length > 0) logger.warn({ newer }, "a newer version has changed the database; it is left as it is");
  if (config.role === "migrate") return stop(0);
  const service = config.role === "all" ? "storefleet" : `storefleet-${config.role}`;
  const tracing = await startTracing(config.traceEndpoint, { service, version: manifest.version, logger });
  releasers.push({ name: "tracing", release: tracing.stop });
  if (config.signOfLife !== undefined) showLife(config.signOfLife);
  if (config.role !== "api") await startWorker(config, connection, logger, tracing, releasers);
  if (config.role !== "worker") await startApi(config, connection, logger, tracing, releasers);
}

/** In the reverse order of starting. One part that cannot stop does not keep the others from it. */
async function release(releasers: Releasers, logger: Logger): Promise<void> {
  for (const { name, release } of releasers.toReversed()) {
    try {
      await release();
    } catch (error) {
      logger.error({ err: error, part: name }, "a part could not be stopped");
    }
  }
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = readConfigOrExit();
const logger = createLogger({ level: config.logLevel, name: config.role });
const releasers: Releasers = [];

let stopping = false;
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  const released = release(releasers, logger).then(() => true);
  const done = await Promise.race([released, sleep(PATIENCE, false)]);
  if (!done) logger.error("stopping took too long; what is left is cut off");
  process.exit(exitCode);
}

// A second signal changes nothing: stopping is quick, and ends by itself.
process.on("SIGTERM", () => void stop(0));
process.on("SIGINT", () => void stop(0));
try {
  await start(config, logger, releasers);
} catch (error) {
  logger.fatal({ err: error }, "the service cannot start");
  await stop(1);
}
