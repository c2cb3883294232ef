import { monitorEventLoopDelay } from "node:perf_hooks";
import type { WorkerMeasures } from "../database/tables.ts";

/** What a process uses, and how late it comes to its work. */
export interface ProcessMeasures {
  /** Since the last reading. */
  read(): WorkerMeasures;
  stop(): void;
}

/** How often the delay of the event loop is looked at, in milliseconds. */
const RESOLUTION = 20;

export function measureProcess(): ProcessMeasures {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  return {
    read() {
      const { user, system } = process.cpuUsage();
      // Measured from one look to the next; the time between them is no delay.
      const late = Math.max(delay.max / 1e6 - RESOLUTION, 0) / 1000;
      delay.reset();
      return { residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6, lagSeconds: late };
    },
    stop: () => void delay.disable(),
  };
}
