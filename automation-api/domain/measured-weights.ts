import type { Progress } from "../contract/operation.ts";
import type { Weights } from "./progress.ts";

/** Fewer earlier operations say too little. */
const ENOUGH = 3;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}

/**
 * How long each step takes by the progress of earlier operations that succeeded at their first attempt. Empty, so that the
 * defaults stand, while there are fewer than three.
 */
export function measuredWeights(earlier: readonly Progress[]): Weights {
  if (earlier.length < ENOUGH) return {};
  const seconds = new Map<string, number[]>();
  for (const step of earlier.flatMap(({ steps }) => steps)) {
    if (step.seconds !== undefined) seconds.set(step.key, [...(seconds.get(step.key) ?? []), step.seconds]);
  }
  return Object.fromEntries([...seconds].map(([key, values]) => [key, median(values)]));
}
