/** Ways in which an operation is over, in the order in which they are drawn. */
export const OUTCOMES = ["succeeded", "failed", "cancelled"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Colour of each, the same in every plot and in its key. */
export const outcomeColours: Readonly<Record<Outcome, string>> = {
  succeeded: "var(--plot-good)",
  failed: "var(--plot-bad)",
  cancelled: "var(--plot-quiet)",
};
