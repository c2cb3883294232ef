/** The value below which the share `fraction` of the samples lies (nearest rank). `NaN` for no samples. */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(fraction * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** One figure beside the one we want, for the report. */
export interface Figure {
  readonly what: string;
  readonly unit: "s" | "ms" | "MB" | "kB" | "×" | "";
  readonly value: number;
  /** Largest value that is good enough; `undefined` where none was set. */
  readonly atMost?: number;
  /** Anything a reader must know: number of samples, shares. */
  readonly note?: string;
}

/** A Markdown table of figures. */
export function toMarkdown(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, unit, value, atMost, note }) => {
    const measured = `${value.toFixed(unit === "×" ? 2 : 1)} ${unit}`.trim();
    const wanted = atMost === undefined ? "–" : `≤ ${atMost} ${unit}`.trim();
    const verdict = atMost === undefined ? "" : value <= atMost ? "✓" : "✗";
    return `| ${what} | ${measured} | ${wanted} | ${verdict} | ${note ?? ""} |`;
  });
  return ["| What | Measured | Wanted | | Notes |", "|---|---|---|---|---|", ...rows].join("\n");
}
