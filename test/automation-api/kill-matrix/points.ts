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

/** Arms the faults one after the other, in an order of chance, until `most` have happened. */
export function armPoints(folder: string, most: number): Points {
  const hit: string[] = [];
  let isStopping = false;
  async function arm({ point, victim }: Fault): Promise<boolean> {
    const armed = join(folder, point);
    writeFileSync(armed, patterns[victim]);
    // A take-over comes only when a worker has died; nobody waits for it.
    for (let left = 150; left > 0 && !isStopping && existsSync(armed); left -= 1) await sleep(20);
    return !existsSync(armed);
  }
  const arming = (async () => {
    while (!isStopping && hit.length < most) {
      for (const fault of FAULTS.toSorted(() => Math.random() - 0.5)) {
        if (isStopping || hit.length >= most) break;
        if (await arm(fault)) hit.push(`${fault.point}: ${fault.victim}`);
        await sleep(Math.random() * 400);
      }
    }
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
