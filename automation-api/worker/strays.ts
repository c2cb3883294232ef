import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { runKey, staleRuns } from "../database/work-reads-repository.ts";
import type { Runs } from "./left-processes.ts";

export interface StraysDependencies {
  readonly connection: Connection;
  readonly runs: Pick<Runs, "running" | "end">;
  readonly logger: Logger;
}

/**
 * Ends what still runs on this machine for an operation that is over, or that somebody else works on by now: the rest of a
 * worker that died here and was followed by one on another machine. Operations that our database does not know belong to
 * another fleet.
 */
export async function endStrays(dependencies: StraysDependencies): Promise<void> {
  const { connection, runs: kept, logger } = dependencies;
  const runs = new Map((await kept.running()).map((found) => [runKey(found.operation, found.fencing), found]));
  const stale = await staleRuns(connection.database, [...runs.values()]);
  for (const key of stale) {
    const found = runs.get(key);
    if (found === undefined) continue;
    const { operation, fencing, command } = found;
    logger.warn({ operation, fencing, command }, "ending a run that nobody works on any more");
    await kept.end({ operation, fencing });
  }
}
