import { utimesSync, writeFileSync } from "node:fs";

/** Milliseconds between two signs. */
const PAUSE = 5000;

/**
 * Touches a file every five seconds for as long as this process does what it is asked to: a probe that finds the file old
 * knows that the process hangs. Never keeps the process alive by itself.
 */
export function showLife(file: string): void {
  writeFileSync(file, "");
  setInterval(() => {
    const now = new Date();
    utimesSync(file, now, now);
  }, PAUSE).unref();
}
