import type { Hono } from "hono";
import type { Services } from "../app.ts";

/** `/healthz`: this process works. `/readyz`: Medusa answers too and has a region, so the store can sell. */
export function addHealthRoutes(app: Hono, { catalogue }: Pick<Services, "catalogue">): void {
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", async (context) =>
    (await catalogue.isReachable()) ? context.text("ready\n") : context.text("Medusa does not answer yet.\n", 503),
  );
}
