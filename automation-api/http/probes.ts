import { setTimeout as sleep } from "node:timers/promises";
import { type RequestHandler, type Response, Router } from "express";
import { problemOf, sendProblem } from "./problems.ts";

/** How long a part may take to answer, in milliseconds. */
const PATIENCE = 2000;
/** What was found about the cluster is good for so many milliseconds: anybody may ask. */
const FRESH = 5000;

export type PartStatus = "ok" | "away" | "unknown";

/** The parts that the service stands on, each with a question that may throw. */
export interface Parts {
  readonly database: () => Promise<PartStatus>;
  readonly cluster: () => Promise<PartStatus>;
  /** Pulumi's state. */
  readonly state: () => Promise<PartStatus>;
}

/**
 * `/livez`: the process answers. `/readyz`: it can take requests, because its database answers and it is not stopping; `parts`
 * tells which part is away. Without the cluster or Pulumi's state, requests are still taken: operations wait for them. Open,
 * and hold no data.
 */
export function serveProbes(parts: Parts, isStopping: () => boolean): RequestHandler {
  const cluster = remembered(parts.cluster);
  const router = Router();
  router.get("/livez", (_request, response) => void response.json({ status: "ok" }));
  router.get("/readyz", async (_request, response) => {
    const [database, ofCluster, state] = await Promise.all([soon(parts.database), soon(cluster), soon(parts.state)]);
    answer(response, { database, cluster: ofCluster, state }, isStopping());
  });
  return router;
}

function answer(response: Response, parts: Readonly<Record<keyof Parts, PartStatus>>, isStopping: boolean): void {
  if (!isStopping && parts.database !== "away") {
    const isWell = Object.values(parts).every((part) => part !== "away");
    response.json({ status: isWell ? "ok" : "degraded", parts });
    return;
  }
  const why = isStopping ? "the service is stopping" : "the database does not answer";
  sendProblem(response, { ...problemOf(503, `Not ready: ${why}.`, { type: "not-ready" }), parts });
}

async function soon(ask: () => Promise<PartStatus>): Promise<PartStatus> {
  return Promise.race([ask().catch(() => "away" as const), sleep(PATIENCE, "away" as const, { ref: false })]);
}

function remembered(ask: () => Promise<PartStatus>): () => Promise<PartStatus> {
  let last: { at: number; answer: Promise<PartStatus> } | undefined;
  return () => {
    if (last === undefined || Date.now() - last.at > FRESH) last = { at: Date.now(), answer: ask() };
    return last.answer;
  };
}
