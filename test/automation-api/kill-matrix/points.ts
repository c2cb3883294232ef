import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FAULT_POINTS, type FaultPoint } from "../../../automation-api/fault-points.ts";

/** Where something dies, and what: the process that is there, or those of the run whose command line matches. */
export interface Fault {
  readonly point: FaultPoint;
  readonly victim: "process" | "engine" | "program" | "helm";
}

const patterns: Readonly<Record<Fault["victim"], string>> = {
  process: "",
  engine: " (up|destroy|refresh|cancel) ",
  program: "cmd/run",
  helm: "(^|/)helm ",
};

const ofRuns: readonly Fault["victim"][] = ["engine", "program"];
const duringRuns: readonly Fault[] = FAULT_POINTS.filter((point) => /^run re\w+ /.test(point)).flatMap((point) => {
  const victims = point.startsWith("run release") ? [...ofRuns, "helm" as const] : ofRuns;
  return victims.map((victim) => ({ point, victim }));
});

/** Every named point, and what can die there. */
export const FAULTS: readonly Fault[] = [
  ...FAULT_POINTS.map((point) => ({ point, victim: "process" }) as const),
  ...duringRuns,
];

export interface Points {
  /** Those at which something died, such as `run done: process`. */
  readonly hit: string[];
  stop(): Promise<void>;
}

/**
 * Arms the faults one after the other, in an order of chance, until `most` have happened.
 * @param allowed how many may have happened by now. Default: all
 */
export function armPoints(folder: string, most: number, allowed: () => number = () => most): Points {
  const hit: string[] = [];
  /** Armed now, and for what. */
  const armed = new Map<FaultPoint, Fault["victim"]>();
  let isStopping = false;
  function look(): void {
    for (const [point, victim] of armed) {
      if (existsSync(join(folder, point))) continue;
      armed.delete(point);
      hit.push(`${point}: ${victim}`);
    }
  }
  async function arm({ point, victim }: Fault): Promise<void> {
    if (armed.has(point)) return;
    writeFileSync(join(folder, point), patterns[victim]);
    armed.set(point, victim);
    for (let left = 150; left > 0 && !isStopping && armed.has(point); left -= 1) {
      await sleep(20);
      look();
    }
    // A take-over comes only when a worker has died: it stays armed while others are.
    if (point.startsWith("take-over") || !armed.delete(point)) return;
    rmSync(join(folder, point), { force: true });
  }
  const arming = (async () => {
    while (!isStopping && hit.length < most) {
      for (const fault of FAULTS.toSorted(() => Math.random() - 0.5)) {
        while (!isStopping && hit.length < most && hit.length >= allowed()) {
          await sleep(100);
          look();
        }
        if (isStopping || hit.length >= most) break;
        await arm(fault);
        await sleep(Math.random() * 400);
      }
    }
    look();
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
  })();
  return {
    hit,
    stop: () => {
      isStopping = true;
      return arming;
    },
  };
}
