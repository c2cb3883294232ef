import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { OUTCOMES, type Outcome } from "../../components/outcomes.ts";
import { axis, grid, tooltip } from "../../components/plot-style.ts";
import { operationLooks } from "../../components/status.ts";
import type { DayOfOutcomes } from "./plot-data.ts";

interface OutcomePlotProps {
  days: DayOfOutcomes[];
  colours: Readonly<Record<Outcome, string>>;
}

export function OutcomePlot({ days, colours }: OutcomePlotProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={days} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid {...grid} />
        <XAxis {...axis} dataKey="day" minTickGap={24} />
        <YAxis {...axis} width={36} allowDecimals={false} />
        <Tooltip {...tooltip} cursor={{ fill: "var(--surface-soft)" }} />
        {OUTCOMES.map((outcome) => (
          <Bar
            key={outcome}
            dataKey={outcome}
            name={operationLooks[outcome].word}
            stackId="day"
            fill={colours[outcome]}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
