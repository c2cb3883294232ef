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
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** Name of each part and the role it plays. */
  readonly parts: Readonly<Record<string, "api" | "worker">>;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder for the logs. */
  readonly logs: string;
}

/** How soon a part that died is started again, in milliseconds. */
const PAUSE = 200;

export function startFleet({ parts, environment, logs }: FleetOptions): Fleet {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const living = new Map<string, ChildProcess>();
  let isStopping = false;
  async function keep(part: string, role: string): Promise<void> {
    const log = createWriteStream(join(logs, `${part}.log`), { flags: "a" });
    while (!isStopping) {
      const child = spawn(process.execPath, serviceArguments, {
        env: { PATH, HOME, NODE_COMPILE_CACHE, ...environment, STOREFLEET_ROLE: role },
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
    async stop() {
      isStopping = true;
      for (const child of living.values()) child.kill("SIGTERM");
      // One that a test has paused would never hear it.
      for (const child of living.values()) child.kill("SIGCONT");
      await Promise.all(keeping);
    },
  };
}
