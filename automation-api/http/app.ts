import { constants } from "node:zlib";
import compression from "compression";
import express, { type Express, type Request, type Response } from "express";
import type { Logger } from "pino";
import { isAnswering } from "../database/connection.ts";
import { serveDocs } from "./docs.ts";
import { documentOf } from "./document.ts";
import { errorHandler, notFoundHandler } from "./error-handler.ts";
import { createMetrics } from "./metrics.ts";
import { serveProbes } from "./probes.ts";
import { registerRoutes } from "./register-routes.ts";
import { checkHost, checkOrigin } from "./request-guards.ts";
import { requestLog } from "./request-log.ts";
import { createRoutes } from "./routes/routes.ts";
import type { Services } from "./routes/services.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveDashboard } from "./static-files.ts";
import { traceRequests } from "./trace-requests.ts";

export interface AppOptions {
  readonly services: Services;
  readonly logger: Logger;
  /** Folder with the built dashboard; `undefined` serves the API alone. */
  readonly web: string | undefined;
  /** Aborted when the service stops: it is not ready any more, and streams end. */
  readonly stopping: AbortSignal;
  /** Of the product, for the OpenAPI document. */
  readonly version: string;
}

/**
 * Answers are made anew for each request: to compress them harder takes longer than to make them. Less than this many bytes
 * fit into the first packets anyway.
 */
const QUICKLY = {
  threshold: 4096,
  level: constants.Z_BEST_SPEED,
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
};

/** The whole of HTTP: the API, its reference page, the probes and the dashboard. */
export function createApp({ services, logger, web, stopping, version }: AppOptions): Express {
  const { publicOrigin, trustedProxies = false } = services.config;
  const routes = createRoutes(services);
  const metrics = createMetrics({
    database: services.connection.database,
    token: services.config.metricsToken,
    checkHost: checkHost(publicOrigin),
  });
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  // Whose `X-Forwarded-For` is believed; by default nobody's: anybody can send one.
  app.set("trust proxy", trustedProxies);
  app.set("query parser", "simple");

  app.use(requestLog(logger));
  app.use(
    serveProbes(
      {
        database: async () => ((await isAnswering(services.connection)) ? "ok" : "away"),
        cluster: async () => ((await services.inspectCluster()).reachable ? "ok" : "away"),
        state: services.probeState,
      },
      () => stopping.aborted,
    ),
  );
  app.use(metrics.measure);
  app.use(securityHeaders(publicOrigin));
  // A stream must not wait for a block to fill.
  const filter = (request: Request, response: Response) => !isStream(response) && compression.filter(request, response);
  app.use(compression({ ...QUICKLY, filter }));

  app.use(metrics.serve);
  app.use(checkHost(publicOrigin));
  app.use("/api", traceRequests(services.tracing), checkOrigin(publicOrigin));
  registerRoutes(app, routes, {
    stopping,
    connection: services.connection,
  });
  app.use("/api", notFoundHandler);

  app.use(serveDocs(() => documentOf(routes, version)));
  if (web !== undefined) app.use(serveDashboard(web));
  app.use(notFoundHandler);
  app.use(errorHandler);
  return app;
}

function isStream(response: { getHeader(name: string): unknown }): boolean {
  return String(response.getHeader("Content-Type") ?? "").startsWith("text/event-stream");
}
