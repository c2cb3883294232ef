import type { Logger } from "pino";
import { HOME } from "../contract/cluster.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { every, type Repetition } from "./every.ts";
import type { Stop } from "./stop.ts";

interface WatchDependencies {
  readonly elsewhere: Pick<Elsewhere, "isAway">;
  /** Milliseconds of one second of a pause. */
  readonly second: number;
  readonly logger: Logger;
}

/** Seconds between two looks. */
const PAUSE = 15;

/**
 * Has work stop whose cluster does not answer twice in a row: by itself it would wait for the cluster as long as Helm does, in a
 * slot that others need. Nothing is looked after in the home cluster, without which there is no work for others either.
 */
export function stopWhenAway(
  { elsewhere, second, logger }: WatchDependencies,
  cluster: string,
  stop: Pick<Stop, "request">,
): Repetition | undefined {
  if (cluster === HOME) return undefined;
  let wasAway = false;
  return every(PAUSE * second, logger, async () => {
    const isAway = await elsewhere.isAway(cluster);
    if (isAway && wasAway) stop.request("away");
    wasAway = isAway;
  });
}
