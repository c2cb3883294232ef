import { timingSafeEqual } from "node:crypto";
import { type Request, type RequestHandler, Router } from "express";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "../database/connection.ts";
import { storefronts } from "../database/metrics-repository.ts";
import { hashOf } from "../use-cases/secrets.ts";
import { addFleetMetrics } from "./fleet-metrics.ts";
import { HttpProblem } from "./problems.ts";
import { routeOf } from "./trace-requests.ts";

export interface Metrics {
  /** Measures every request that passes. */
  readonly measure: RequestHandler;
  /** Answers at `/metrics` with the measures, and at `/metrics/targets` with the storefronts that are to be probed. */
  readonly serve: RequestHandler;
}

export interface MetricsOptions {
  readonly database: Database;
  /** Who asks has to send it as `Authorization: Bearer …`; `undefined` lets only programs of this machine ask. */
  readonly token: string | undefined;
  /**
   * Refuses requests under a strange host name. Asked only without a token: Prometheus calls every pod by its address, and a
   * page that made its own name point here does not know the token.
   */
  readonly checkHost: RequestHandler;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** Measures of HTTP, of this process, and of the fleet, in the format of Prometheus. */
export function createMetrics({ database, token, checkHost }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const refresh = addFleetMetrics(registry, database);
  const router = Router();
  if (token === undefined) router.use("/metrics", checkHost);
  router.use("/metrics", (request, response, next) => {
    refuseStrangers(request, token);
    response.setHeader("Cache-Control", "no-store");
    next();
  });
  router.get("/metrics", async (_request, response) => {
    await refresh();
    response.type(registry.contentType).send(await registry.metrics());
  });
  router.get("/metrics/targets", async (_request, response) => void response.json(await targetsOf(database)));
  return { measure: measureRequests(registry), serve: router };
}

/** Every storefront that has to answer, as Prometheus takes it from `http_sd_configs`. */
async function targetsOf(database: Database) {
  const found = await storefronts(database);
  return found.map(({ url, ...labels }) => ({ targets: [url], labels }));
}

/** By route, never by address: names of stores and ids would make a series each. Streams are counted while they are open. */
function measureRequests(registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: "storefleet_http_request_duration_seconds",
    help: "Seconds until an answer was sent.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const streams = new Gauge({
    name: "storefleet_http_streams",
    help: "Streams of events that are open.",
    registers: [registry],
  });
  return (request, response, next) => {
    // Log, measures, trace, compression and streams all wait for its end; that is no leak.
    response.setMaxListeners(20);
    const begin = performance.now();
    let isStream = false;
    const { flushHeaders } = response;
    response.flushHeaders = () => {
      isStream = true;
      streams.inc();
      flushHeaders.call(response);
    };
    response.once("close", () => {
      if (isStream) return streams.dec();
      const labels = { method: request.method, route: routeOf(request), status: response.statusCode };
      durations.observe(labels, (performance.now() - begin) / 1000);
    });
    next();
  };
}

/** Throws an HttpProblem. Whoever comes through a proxy is not of this machine, whatever the proxy is. */
function refuseStrangers(request: Request, token: string | undefined): void {
  const { authorization, forwarded, "x-forwarded-for": forwardedFor } = request.headers;
  if (token !== undefined) {
    const given = Buffer.from(hashOf(authorization?.replace(/^Bearer /i, "") ?? ""));
    if (timingSafeEqual(given, Buffer.from(hashOf(token)))) return;
    throw new HttpProblem(401, "Send the token of STOREFLEET_METRICS_TOKEN as Authorization: Bearer.");
  }
  const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? "");
  if (isLocal && forwarded === undefined && forwardedFor === undefined) return;
  throw new HttpProblem(403, "Measures are for programs of this machine; set STOREFLEET_METRICS_TOKEN for others.");
}
