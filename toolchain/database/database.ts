import type { ToolchainContext } from "../lib/context.ts";
import type { Finding } from "../lib/finding.ts";
import { embeddedDatabaseProblem, startEmbeddedDatabase, stopEmbeddedDatabase } from "./embedded.ts";

/** The PostgreSQL in which the service keeps stores, operations and events. */
export interface Database {
  readonly kind: "given" | "embedded";
  /** For PostgreSQL clients; holds a password when the user's own DATABASE_URL does. */
  readonly url: string;
  /** What a person reads; never holds the address, because that may hold a password. */
  readonly description: string;
}

const descriptions: Record<Database["kind"], string> = {
  given: "the PostgreSQL that DATABASE_URL names",
  embedded: "a PostgreSQL 18 of our own, on a socket that only you can open",
};

/** The user's own database when DATABASE_URL is set, otherwise one of ours, started when it does not run. */
export async function ensureDatabase(context: ToolchainContext): Promise<Database> {
  const given = context.environment.DATABASE_URL;
  const kind = given === undefined ? "embedded" : "given";
  return { kind, url: given ?? (await startEmbeddedDatabase(context)), description: descriptions[kind] };
}

/** Stops our own database; one that DATABASE_URL names is left alone. */
export function stopDatabase(context: ToolchainContext): Promise<void> {
  return stopEmbeddedDatabase(context.paths);
}

/** What the doctor says about the service's database. */
export async function inspectDatabase(context: ToolchainContext): Promise<Finding> {
  if (context.environment.DATABASE_URL !== undefined) {
    return { need: "database", choice: descriptions.given, ready: true, missing: [] };
  }
  const problem = await embeddedDatabaseProblem();
  if (problem === undefined) return { need: "database", choice: descriptions.embedded, ready: true, missing: [] };
  return { need: "database", choice: "none", ready: false, missing: [problem.message], remedy: problem.remedy };
}
