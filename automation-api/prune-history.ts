import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How many of the newest files of a stack that is there are kept, however old they are. */
const KEPT = 20;

/**
 * Removes what Pulumi wrote about old runs of stacks into a folder backend, history and copies of the state, when it is older
 * than so many days. The newest stay of each stack that is there; of others nothing does. Other backends keep house themselves. Returns how many files there were.
 */
export function pruneHistory(backendUrl: string, days: number, now: Date): number {
  if (!backendUrl.startsWith("file://")) return 0;
  const root = join(fileURLToPath(backendUrl), ".pulumi");
  const before = now.getTime() - days * 24 * 3600_000;
  return ["history", "backups"].reduce((sum, kind) => sum + pruneFolder(root, kind, "", before), 0);
}

/** @param path of a folder below those of its kind, such as `stores/shop1` */
function pruneFolder(root: string, kind: string, path: string, before: number): number {
  const folder = join(root, kind, path);
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => pruneFolder(root, kind, join(path, name), before));
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ file: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .toSorted((left, right) => right.at - left.at);
  const isThere = [".json", ".json.gz"].some((ending) => existsSync(join(root, "stacks", `${path}${ending}`)));
  const old = files.slice(isThere ? KEPT : 0).filter(({ at }) => at < before);
  for (const { file } of old) rmSync(file, { force: true });
  return below.reduce((sum, removed) => sum + removed, old.length);
}
