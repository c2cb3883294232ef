import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serviceArguments } from "../../toolchain/service/service.ts";

/** Processes of the service which are started again whenever they die, as npm start does. */
export interface Fleet {
  /** The process that plays a part now; `undefined` in the moment between two. */
  pidOf(part: string): number | undefined;
  readonly parts: readonly string[];
  /** Lets a part give back what it does and end, and plays it by another version from then on. */
  exchange(part: string, version: FleetVersion): Promise<void>;
  stop(): Promise<void>;
}

/** What plays a part. */
export interface FleetVersion {
  /** What Node is given to run it. */
  readonly arguments: readonly string[];
  /** On top of what all parts are given. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface FleetOptions {
  /** Name of each part and the role it plays. */
  readonly parts: Readonly<Record<string, "api" | "worker">>;
  readonly environment: Readonly<Record<string, string>>;
  /** What some parts are given besides, whichever version plays them. */
  readonly extras?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What plays all parts in the beginning. Default: this checkout */
  readonly version?: FleetVersion;
  /** Folder for the logs. */
  readonly logs: string;
}

/** How soon a part that died is started again, in milliseconds. */
const PAUSE = 200;

const thisVersion: FleetVersion = { arguments: serviceArguments, environment: {} };

export function startFleet({ parts, environment, extras, version = thisVersion, logs }: FleetOptions): Fleet {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const versions = new Map<string, FleetVersion>();
  const living = new Map<string, ChildProcess>();
  let isStopping = false;
  async function keep(part: string, role: string): Promise<void> {
    const log = createWriteStream(join(logs, `${part}.log`), { flags: "a" });
    while (!isStopping) {
      const played = versions.get(part) ?? version;
      const given = { ...environment, ...played.environment, ...extras?.[part] };
      const child = spawn(process.execPath, played.arguments, {
        env: { PATH, HOME, NODE_COMPILE_CACHE, ...given, STOREFLEET_ROLE: role },
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
      living.set(part, child);
      await once(child, "exit");
      living.delete(part);
      await sleep(PAUSE);
    }
    log.end();
  }
  const keeping = Object.entries(parts).map(([part, role]) => keep(part, role));
  return {
    parts: Object.keys(parts),
    pidOf: (part) => living.get(part)?.pid,
    async exchange(part, next) {
      versions.set(part, next);
      const child = living.get(part);
      if (child === undefined) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
    async stop() {
      isStopping = true;
      for (const child of living.values()) child.kill("SIGTERM");
      // One that a test has paused would never hear it.
      for (const child of living.values()) child.kill("SIGCONT");
      await Promise.all(keeping);
    },
  };
}
