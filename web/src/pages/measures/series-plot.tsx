import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line as Curve,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { Measures } from "../../../../automation-api/contract/measures.ts";
import { axis, grid, tooltip } from "../../components/plot-style.ts";
import { type Line, type PlotDescription, tickOf, titleOf } from "./series.ts";

interface SeriesPlotProps {
  measures: Measures;
  plot: PlotDescription;
  lines: readonly Line[];
}

export function SeriesPlot({ measures: { span, points }, plot: { shape, format }, lines }: SeriesPlotProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...points]} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid {...grid} />
        <XAxis {...axis} dataKey="from" minTickGap={40} tickFormatter={(iso: string) => tickOf(span, iso)} />
        <YAxis {...axis} width={60} allowDecimals={false} tickFormatter={format} />
        <Tooltip
          {...tooltip}
          cursor={{ fill: "var(--surface-soft)" }}
          labelFormatter={(iso) => titleOf(String(iso))}
          formatter={(value) => format(Number(value))}
        />
        {lines.map((line) => drawn(line, shape))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** Bars and areas stand on each other; a line has gaps where nothing was. */
function drawn({ name, colour, read }: Line, shape: PlotDescription["shape"]) {
  const shared = { dataKey: read, name, isAnimationActive: false } as const;
  if (shape === "bars") return <Bar key={name} {...shared} stackId="all" fill={colour} maxBarSize={20} />;
  if (shape === "areas") {
    return (
      <Area key={name} {...shared} stackId="all" type="stepAfter" stroke={colour} fill={colour} fillOpacity={0.25} />
    );
  }
  return <Curve key={name} {...shared} type="linear" stroke={colour} strokeWidth={2} dot={{ r: 2, fill: colour }} />;
}
