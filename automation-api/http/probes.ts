import { setTimeout as sleep } from "node:timers/promises";
import { type RequestHandler, Router } from "express";
import { problemOf, sendProblem } from "./problems.ts";

/** How long the database may take to answer, in milliseconds. */
const PATIENCE = 2000;

/** `/livez`: the process answers. `/readyz`: its database does, too, and it is not stopping. Open, and hold no data. */
export function serveProbes(isReady: () => Promise<boolean>): RequestHandler {
  const router = Router();
  router.get("/livez", (_request, response) => void response.json({ status: "ok" }));
  router.get("/readyz", async (_request, response) => {
    const late = sleep(PATIENCE, false, { ref: false });
    const ready = await Promise.race([isReady().catch(() => false), late]);
    if (ready) response.json({ status: "ok" });
    else sendProblem(response, problemOf(503, "Not ready: the database does not answer, or the service is stopping."));
  });
  return router;
}
