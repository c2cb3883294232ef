import type { Overview } from "../contract/platform.ts";
import type { Connection } from "../database/connection.ts";
import { countOpenOperations, countStores, lastFinished, newestOfAll } from "../database/overview-repository.ts";
import { toOperation } from "./answers.ts";

/** How many operations are shown: the newest, and those of the plots. */
const RECENT = 10;
const FINISHED = 100;

export async function readOverview({ database }: Connection): Promise<Overview> {
  const [stores, open, recent, finished] = await Promise.all([
    countStores(database),
    countOpenOperations(database),
    newestOfAll(database, RECENT),
    lastFinished(database, FINISHED),
  ]);
  return {
    stores,
    ...open,
    recent: recent.map(toOperation),
    finished: finished.map((row) => ({ ...row, finishedAt: row.finishedAt.toISOString() })),
  };
}
