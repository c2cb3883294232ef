import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";
import { loadAssets } from "./assets.ts";
import { parseEnvironment } from "./environment.ts";
import { createCatalogue } from "./medusa/catalogue.ts";
import { createCheckout } from "./medusa/checkout.ts";
import { createMedusaHttp } from "./medusa/http.ts";

/** Longer than any page takes, shorter than the two seconds in which a container has to be gone. */
const goodbyeMilliseconds = 1000;

try {
  start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function start(): void {
  const environment = parseEnvironment(process.env);
  const http = createMedusaHttp(environment.medusaUrl, environment.publishableKey);
  const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  const app = createApp({
    environment,
    assets: loadAssets(),
    catalogue: createCatalogue(http),
    checkout: createCheckout(http),
    log,
  });
  const server = serve({ fetch: app.fetch, port: environment.port, hostname: environment.host }, () =>
    log(`The storefront is ready on port ${environment.port}.`),
  );

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), goodbyeMilliseconds).unref();
      server.close(() => process.exit(0));
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    });
  }
}
