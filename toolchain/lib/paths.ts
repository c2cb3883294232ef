import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.ts";

/** The folder of this checkout. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where things of ours live. Everything but `cache` is under `home`. */
export interface Paths {
  /** Everything that belongs to this machine's fleet; `npm run reset` removes it. */
  readonly home: string;
  /** Versioned downloads and builds, safe to share between users and checkouts, and to delete. */
  readonly cache: string;
  /** Full output of every long step. */
  readonly logs: string;
  /** Process records and lock files. */
  readonly run: string;
  /** Data of the native cluster: etcd, containers, volumes, certificates. */
  readonly cluster: string;
  /** Pulumi's state folder and the passphrase that opens it. */
  readonly state: string;
  /** Work folders of running operations. */
  readonly work: string;
}

/** Computes the folders from the environment and creates those under `home`. */
export function resolvePaths(environment: Environment): Paths {
  const home = resolve(environment.STOREFLEET_HOME ?? join(environment.HOME, ".storefleet"));
  const cache = resolve(
    environment.STOREFLEET_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(environment.HOME, ".cache"), "storefleet"),
  );
  const paths: Paths = {
    home,
    cache,
    logs: join(home, "logs"),
    run: join(home, "run"),
    cluster: join(home, "cluster"),
    state: join(home, "state"),
    work: join(home, "work"),
  };
  // 0700: the state folder and the kubeconfig are for their owner only.
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return paths;
}
