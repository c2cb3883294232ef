import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedDatabase, stopEmbeddedDatabase } from "../../toolchain/database/embedded.ts";
import { readEnvironment } from "../../toolchain/lib/environment.ts";
import { resolvePaths } from "../../toolchain/lib/paths.ts";
import { createSilentReporter } from "../../toolchain/lib/progress.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of a database on the test server, from which others can be made. */
    databaseUrl: string;
  }
}

/** One real PostgreSQL for all files of a run, in a folder of its own; gone at the end. */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "storefleet-db-"));
  const environment = readEnvironment({ ...process.env, STOREFLEET_HOME: home });
  const paths = resolvePaths(environment);
  const context = {
    environment,
    paths,
    reporter: createSilentReporter(paths.logs),
    signal: new AbortController().signal,
  };
  project.provide("databaseUrl", await startEmbeddedDatabase(context));
  return async () => {
    await stopEmbeddedDatabase(paths);
    rmSync(home, { recursive: true, force: true });
  };
}
