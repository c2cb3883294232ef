import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, useState } from "react";
import { type Measures, type Span, spanSchema } from "../../../../automation-api/contract/measures.ts";
import { measuresQuery } from "../../api/measures.ts";
import { load } from "../../app/load.ts";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Key, PlotFigure } from "../../components/plot-figure.tsx";
import styles from "./measures.module.css";
import { drawnLines, type PlotDescription, plots } from "./series.ts";

const SeriesPlot = lazy(async () => ({ default: (await load(() => import("./series-plot.tsx"))).SeriesPlot }));

const spans: readonly { readonly value: Span; readonly label: string }[] = [
  { value: "hour", label: "Hour" },
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "30 days" },
];

/** How the platform has been doing, for administrators who have nothing else that plots it. */
export function MeasuresPage() {
  const [span, setSpan] = useState<Span>("day");
  const query = useQuery(measuresQuery(span));
  return (
    <>
      <PageHeader
        title="Measures"
        note="How the platform has been doing; only its administrators see this page."
        actions={
          <SegmentedControl
            aria-label="How far back"
            data={[...spans]}
            value={span}
            onChange={(value) => setSpan(spanSchema.parse(value))}
          />
        }
      />
      <Answer query={query} what="the measures">
        {(measures) => (
          <div className={styles.plots}>
            {plots.map((plot) => (
              <PlotCard key={plot.title} plot={plot} measures={measures} />
            ))}
          </div>
        )}
      </Answer>
    </>
  );
}

function PlotCard({ plot, measures }: { plot: PlotDescription; measures: Measures }) {
  const lines = drawnLines(plot, measures);
  return (
    <Card title={plot.title} note={plot.note}>
      <PlotFigure
        label={`${plot.title} over time: ${plot.describe(measures.points)}.`}
        legend={lines.map(({ name, colour }) => (
          <Key key={name} colour={colour}>
            {name}
          </Key>
        ))}
      >
        <SeriesPlot measures={measures} plot={plot} lines={lines} />
      </PlotFigure>
    </Card>
  );
}
