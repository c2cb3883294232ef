import { join } from "node:path";
import type { Paths } from "../../lib/paths.ts";

/** Lock file under which the native cluster is started, stopped and removed. */
export function clusterLock(paths: Paths): string {
  return join(paths.run, "cluster.lock");
}
