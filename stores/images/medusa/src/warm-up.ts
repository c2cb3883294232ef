import { flushCompileCache } from "node:module";

/**
 * Run once by the image build: loads what the roles load, so that the compile cache in NODE_COMPILE_CACHE holds it.
 * Nothing is started and no database is needed.
 */
async function warmUp(): Promise<void> {
  await import("./setup/migrate.ts");
  await import("./setup/seed.ts");
  await import("./http/serve.ts");
  flushCompileCache();
}

void warmUp().then(() => process.exit(0));
