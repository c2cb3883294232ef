/** Looks that both plots share. */
export const axis = {
  tickLine: false,
  axisLine: false,
  tick: { fill: "var(--mantine-color-dimmed)", fontSize: 12 },
} as const;

export const grid = { stroke: "var(--line)", vertical: false } as const;

export const tooltip = {
  isAnimationActive: false,
  contentStyle: {
    background: "var(--surface)",
    border: "1px solid var(--line)",
    borderRadius: 10,
    color: "var(--mantine-color-text)",
  },
  labelStyle: { fontWeight: 600 },
} as const;
