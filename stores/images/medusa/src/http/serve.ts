import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import loadMedusa from "@medusajs/medusa/loaders/index";
import express from "express";
import type { Environment } from "../environment.ts";
import { createFileStore, type FileStore } from "../files/file-store.ts";
import { serveAdminPanel } from "./admin-panel.ts";
import { serveFiles } from "./files.ts";

/** Longer than any answer takes, shorter than the two seconds in which a container has to be gone. */
const goodbyeMilliseconds = 1000;

/** Folder of the built program: medusa-config.js, src/, public/admin/. */
const root = join(__dirname, "..", "..");

/**
 * Runs Medusa's API, the admin panel and the uploaded files on one port. A worker runs the same modules and answers
 * `/health` alone. Returns what stops it.
 */
export async function serve(environment: Environment): Promise<() => Promise<void>> {
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", (_request, response) => void response.type("text").send("OK"));
  let files: FileStore | undefined;
  if (environment.role === "server") {
    // Both come before Medusa's own middleware: neither needs sessions, body parsing or request logs.
    app.get(
      "/files/:id",
      serveFiles(() => files ?? unavailable(), environment.cookieSecret),
    );
    app.use("/app", serveAdminPanel(join(root, "public", "admin")));
  }
  const { container, shutdown } = await loadMedusa({ directory: root, expressApp: app });
  files = createFileStore(container.resolve(ContainerRegistrationKeys.PG_CONNECTION));

  const server = createServer(app).listen(environment.port, environment.host, () => {
    process.stdout.write(`Medusa ${environment.role} is ready on port ${environment.port}.\n`);
  });
  server.keepAliveTimeout = 65_000;
  return () => stop(server, shutdown);
}

/** Lets answers under way finish, then lets go of database and Redis; gives up on both after a while. */
async function stop(server: Server, shutdown: () => Promise<void>): Promise<void> {
  setTimeout(() => process.exit(0), goodbyeMilliseconds).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
  await shutdown().catch((error: unknown) => process.stderr.write(`Shutting down: ${String(error)}\n`));
}

function unavailable(): never {
  throw new Error("The store is still starting.");
}
