import { Area, AreaChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatDateTime, formatDay, formatDuration } from "../../components/format.ts";
import { axis, grid, tooltip } from "../../components/plot-style.ts";
import type { Creation } from "./plot-data.ts";

interface ProvisioningPlotProps {
  creations: Creation[];
  /** Seconds. */
  median: number;
}

export function ProvisioningPlot({ creations, median }: ProvisioningPlotProps) {
  const label = (index: number) => creations[index];
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart data={creations} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid {...grid} />
        <XAxis
          {...axis}
          minTickGap={48}
          tickFormatter={(index: number) => formatDay(label(index)?.finishedAt ?? "")}
          padding={{ left: 12, right: 12 }}
        />
        <YAxis {...axis} width={56} tickFormatter={formatDuration} />
        <Tooltip
          {...tooltip}
          labelFormatter={(index) => title(label(Number(index)))}
          formatter={(value) => [formatDuration(Number(value)), "Time to ready"]}
        />
        <ReferenceLine y={median} stroke="var(--mantine-color-dimmed)" strokeDasharray="4 4" />
        <Area
          dataKey="seconds"
          type="monotone"
          stroke="var(--brand)"
          strokeWidth={2}
          fill="var(--brand-soft)"
          dot={{ r: 3.5, fill: "var(--surface)", stroke: "var(--brand)", strokeWidth: 2 }}
          isAnimationActive={false}
        />
      </AreaChart>
    </ResponsiveContainer>
  );
}

function title(creation: Creation | undefined): string {
  return creation === undefined ? "" : `${creation.store}, ${formatDateTime(creation.finishedAt)}`;
}
