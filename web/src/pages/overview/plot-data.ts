import type { Overview } from "../../../../automation-api/contract/platform.ts";
import { OUTCOMES, type Outcome } from "../../components/outcomes.ts";

type Finished = Overview["finished"][number];

export interface Creation {
  readonly id: string;
  readonly store: string;
  readonly finishedAt: string;
  readonly seconds: number;
}

/** Creations that succeeded, oldest first. */
export function creationsOf(finished: readonly Finished[]): Creation[] {
  return finished.filter(({ kind, status }) => kind === "create" && status === "succeeded");
}

/** `undefined` of nothing. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || lower === undefined || upper === undefined ? upper : (lower + upper) / 2;
}

export type DayOfOutcomes = { readonly day: string } & Record<Outcome, number>;

/** Outcomes of each day on which something ended, oldest first; at most the last fourteen such days. */
export function outcomesByDay(finished: readonly Finished[], dayOf: (iso: string) => string): DayOfOutcomes[] {
  const days = new Map<string, DayOfOutcomes>();
  for (const { finishedAt, status } of finished) {
    const name = dayOf(finishedAt);
    const day = days.get(name) ?? { day: name, succeeded: 0, failed: 0, cancelled: 0 };
    const outcome = OUTCOMES.find((known) => known === status);
    days.set(name, outcome === undefined ? day : { ...day, [outcome]: day[outcome] + 1 });
  }
  return [...days.values()].slice(-14);
}

export function outcomeCounts(finished: readonly Finished[]): Record<Outcome, number> {
  const count = (outcome: Outcome) => finished.filter(({ status }) => status === outcome).length;
  return { succeeded: count("succeeded"), failed: count("failed"), cancelled: count("cancelled") };
}
