import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { Logger } from "pino";
import { createAuthentication } from "./better-auth/create-authentication.ts";
import type { CredentialsReader } from "./cluster/credentials-reader.ts";
import type { Clusters } from "./clusters.ts";
import type { Config } from "./config.ts";
import { removeOldAnswers } from "./database/answer-repository.ts";
import type { Connection } from "./database/connection.ts";
import { removeOldDeliveries } from "./database/delivery-repository.ts";
import { removeOldIdempotencyKeys } from "./database/idempotency-repository.ts";
import { removeOldLimits } from "./database/limit-repository.ts";
import { removeExpiredSessions } from "./database/session-repository.ts";
import { createStateExporter } from "./export-state.ts";
import { createApp } from "./http/app.ts";
import { createHttpServer } from "./http/http-server.ts";
import { createProgressHub } from "./http/progress-hub.ts";
import type { Sealer } from "./sealer.ts";
import { createBackendProbe } from "./state-backend.ts";
import { noTracing, type Tracing } from "./tracing/tracing.ts";
import type { InspectCluster } from "./use-cases/read-platform.ts";
import { secretMaker } from "./webhooks/signature.ts";

export interface ApiProcessOptions {
  readonly config: Config;
  /** Migrated, and closed by whoever opened it. */
  readonly connection: Connection;
  readonly logger: Logger;
  readonly readCredentials: CredentialsReader;
  readonly inspectCluster: InspectCluster;
  readonly clusters: Clusters;
  /** Seals kubeconfigs; `undefined`: there can be none. */
  readonly sealer: Sealer | undefined;
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** Of the product. Default `0.0.0`. */
  readonly version?: string;
}

export interface ApiProcess {
  /** The port it listens on; differs from the configured one when that is 0. */
  readonly port: number;
  /** Ends streams, finishes requests under way, and closes the port. Within five seconds, come what may; twice is fine. */
  stop(): Promise<void>;
}

/** How long requests under way may take when the service stops, in milliseconds. */
const GRACE = 5000;
/** For how many days what was told to webhooks is kept. */
const DELIVERIES_KEPT = 30;
/** Milliseconds between two rounds of removing what is over. */
const TIDY = 3600_000;

/** Serves the API and the dashboard until it is stopped. Throws when the port is taken. */
export async function startApiProcess(options: ApiProcessOptions): Promise<ApiProcess> {
  const { config, connection, logger } = options;
  const stopping = new AbortController();
  const onTrouble = (error: unknown) => logger.warn({ err: error }, "the database did not answer");
  const hub = await createProgressHub(connection);
  const { publicOrigin, singleSignOn } = config;
  const authTrouble = (error: unknown) => logger.warn({ err: error }, "somebody could not sign in");
  const authentication = createAuthentication({ connection, publicOrigin, singleSignOn, onTrouble: authTrouble });
  const webhookSecrets = config.signingKey === undefined ? undefined : secretMaker(config.signingKey);
  const app = createApp({
    services: {
      tracing: noTracing,
      ...options,
      authentication,
      hub,
      onTrouble,
      webhookSecrets,
      exportState: createStateExporter(config),
      probeState: createBackendProbe(config.pulumi.backendUrl, config.pulumi.inherited),
    },
    logger,
    web: config.web,
    stopping: stopping.signal,
    version: options.version ?? "0.0.0",
  });
  const server = createHttpServer(app);
  try {
    await listen(server, config);
  } catch (error) {
    await hub.close();
    throw error;
  }
  const tidying = setInterval(() => void tidy(connection).catch(onTrouble), TIDY);
  tidying.unref();

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    clearInterval(tidying);
    stopping.abort();
    await close(server);
    await hub.close();
  };
  return {
    port: portOf(server),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Removes what is over: tokens, sessions, and keys of requests. */
async function tidy({ database }: Connection): Promise<void> {
  await removeExpiredSessions(database);
  await removeOldIdempotencyKeys(database);
  await removeOldLimits(database);
  await removeOldAnswers(database);
  await removeOldDeliveries(database, DELIVERIES_KEPT);
}

/** On loopback unless it was told otherwise: who is on another machine comes through an ingress, or not at all. */
async function listen(server: Server, { port, listen: address }: Pick<Config, "port" | "listen">): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken ? new Error(`Port ${port} is taken; choose another one with STOREFLEET_PORT.`, { cause: error }) : error,
      );
    });
    server.listen(port, address, resolve);
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), GRACE);
  const closed = promisify(server.close.bind(server))();
  // A browser keeps a connection open after its answer is complete; those become idle one after the other.
  const sweeping = setInterval(() => server.closeIdleConnections(), 50);
  try {
    await closed;
  } finally {
    clearTimeout(cutOff);
    clearInterval(sweeping);
  }
}
