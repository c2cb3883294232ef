import type { Overview } from "../contract/platform.ts";
import type { Connection } from "../database/connection.ts";
import type { Reach } from "../database/organization-repository.ts";
import { countOpenOperations, countStores, lastFinished, newestOfAll } from "../database/overview-repository.ts";
import { toOperation } from "./answers.ts";

/** How many operations are shown: the newest, and those of the plots. */
const RECENT = 10;
const FINISHED = 100;

export async function readOverview({ database }: Connection, reach: Reach): Promise<Overview> {
  const [stores, open, recent, finished] = await Promise.all([
    countStores(database, reach),
    countOpenOperations(database, reach),
    newestOfAll(database, reach, RECENT),
    lastFinished(database, reach, FINISHED),
  ]);
  return {
    stores,
    ...open,
    recent: recent.map(toOperation),
    finished: finished.map((row) => ({ ...row, finishedAt: row.finishedAt.toISOString() })),
  };
}
