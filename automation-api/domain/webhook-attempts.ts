/** Seconds until a delivery that failed is sent again: over a day in all. */
const PAUSES = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800] as const;

/**
 * Seconds until the next attempt after so many that failed; `undefined` when it is given up. `chance` is from 0 to 1 and
 * spreads attempts, so that an address that comes back is not asked for everything at once.
 */
export function pauseAfter(attempts: number, chance: number): number | undefined {
  const pause = PAUSES[attempts - 1];
  return pause === undefined ? undefined : pause * (0.9 + 0.2 * chance);
}
