import { setTimeout as sleep } from "node:timers/promises";
import { type LeftProcess, runningProcesses } from "../../../automation-api/worker/left-processes.ts";
import type { Fleet } from "../../helpers/fleet.ts";
import { parentOf } from "../../helpers/processes.ts";

/** What was killed, and how often. */
export type Kills = Record<"api" | "worker" | "paused worker" | "engine" | "program" | "helm", number>;

export interface Killer {
  readonly kills: Kills;
  /** Most engines that were seen at work on one operation at the same time. */
  mostEngines(): number;
  stop(): Promise<void>;
}

export interface KillerOptions {
  readonly fleet: Fleet;
  /** Kills in all. */
  readonly budget: number;
  /** How many may have happened by now. Default: all of the budget. */
  readonly allowed?: () => number;
  /** Mean time between two, in milliseconds. */
  readonly pause: number;
  /** How long a worker is paused, in milliseconds: longer than its lease. */
  readonly nap: number;
  /** Operations of this test; processes of others are left alone. */
  readonly isOurs: (operation: string) => boolean;
}

/** What each process of a run is. */
function kindOf({ command }: LeftProcess): "engine" | "program" | "helm" | undefined {
  if (/\/helm /.test(command) || /^helm /.test(command)) return "helm";
  if (/ (up|destroy|refresh|cancel) /.test(command)) return "engine";
  return /@pulumi\/pulumi\/cmd\/run|program/.test(command) ? "program" : undefined;
}

const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

function end(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Kills something of the service or of its runs at random moments until its budget is used up. */
export function startKiller(options: KillerOptions): Killer {
  const { fleet, budget, allowed = () => budget, pause, nap, isOurs } = options;
  const kills: Kills = { api: 0, worker: 0, "paused worker": 0, engine: 0, program: 0, helm: 0 };
  let isStopping = false;
  let most = 0;
  const naps: Promise<void>[] = [];
  const workers = fleet.parts.filter((part) => part.startsWith("worker"));

  function look(): LeftProcess[] {
    const ours = runningProcesses().filter(({ operation }) => isOurs(operation));
    const engines = ours.filter((found) => kindOf(found) === "engine");
    const pids = new Set(engines.map(({ pid }) => pid));
    // What an engine, or the shell before it, is just beginning looks like itself for a moment.
    const heads = engines.filter(({ pid, command }) => {
      const parent = parentOf(pid);
      return parent !== undefined && !pids.has(parent) && !command.startsWith("/bin/sh ");
    });
    for (const { operation } of heads) {
      const together = heads.filter((other) => other.operation === operation);
      if (together.length > 1) process.stdout.write(`at once: ${JSON.stringify(together)}\n`);
      most = Math.max(most, together.length);
    }
    return ours;
  }
  async function takeNap(pid: number): Promise<void> {
    await sleep(nap);
    end(pid, "SIGCONT");
  }
  function killOne(): keyof Kills | undefined {
    const chance = Math.random();
    const running = look();
    if (chance < 0.06) return end(fleet.pidOf("api"), "SIGKILL") ? "api" : undefined;
    if (chance < 0.12) return end(fleet.pidOf(pick(workers) ?? ""), "SIGKILL") ? "worker" : undefined;
    if (chance < 0.15) {
      const pid = fleet.pidOf(pick(workers) ?? "");
      if (naps.length > 3 || !end(pid, "SIGSTOP") || pid === undefined) return undefined;
      naps.push(takeNap(pid));
      return "paused worker";
    }
    const victim = pick(running);
    const kind = victim && kindOf(victim);
    return kind !== undefined && end(victim?.pid, "SIGKILL") ? kind : undefined;
  }
  const killing = (async () => {
    for (let left = budget; left > 0 && !isStopping; ) {
      look();
      await sleep(Math.random() * 2 * pause);
      const killed = budget - left < allowed() ? killOne() : undefined;
      if (killed === undefined) continue;
      kills[killed] += 1;
      left -= 1;
    }
    // Still looking whether two work on one store.
    while (!isStopping) {
      look();
      await sleep(100);
    }
  })();
  return {
    kills,
    mostEngines: () => most,
    async stop() {
      isStopping = true;
      await Promise.all([killing, ...naps]);
    },
  };
}
