import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How many of the newest files of a stack are kept, however old they are. */
const KEPT = 20;

/**
 * Removes what Pulumi wrote about old runs of stacks into a folder backend, history and copies of the state, when it is older
 * than so many days. The newest of each stack stay. Other backends keep house themselves. Returns how many files there were.
 */
export function pruneHistory(backendUrl: string, days: number, now: Date): number {
  if (!backendUrl.startsWith("file://")) return 0;
  const root = join(fileURLToPath(backendUrl), ".pulumi");
  const before = now.getTime() - days * 24 * 3600_000;
  return ["history", "backups"].reduce((sum, kind) => sum + pruneFolder(join(root, kind), before), 0);
}

function pruneFolder(folder: string, before: number): number {
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => pruneFolder(join(folder, name), before));
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ file: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .toSorted((left, right) => right.at - left.at);
  const old = files.slice(KEPT).filter(({ at }) => at < before);
  for (const { file } of old) rmSync(file, { force: true });
  return below.reduce((sum, removed) => sum + removed, old.length);
}
