import { lazy } from "react";
import type { Overview } from "../../../../automation-api/contract/platform.ts";
import { load } from "../../app/load.ts";
import { Card } from "../../components/card.tsx";
import { formatDay, formatDuration } from "../../components/format.ts";
import { OUTCOMES, outcomeColours } from "../../components/outcomes.ts";
import { DashedKey, Key, NoPlot, PlotFigure } from "../../components/plot-figure.tsx";
import { operationLooks } from "../../components/status.ts";
import styles from "./overview.module.css";
import { creationsOf, medianOf, outcomeCounts, outcomesByDay } from "./plot-data.ts";

const ProvisioningPlot = lazy(async () => ({
  default: (await load(() => import("./provisioning-plot.tsx"))).ProvisioningPlot,
}));
const OutcomePlot = lazy(async () => ({ default: (await load(() => import("./outcome-plot.tsx"))).OutcomePlot }));

export function Plots({ finished }: { finished: Overview["finished"] }) {
  return (
    <div className={styles.halves}>
      <ProvisioningCard finished={finished} />
      <OutcomeCard finished={finished} />
    </div>
  );
}

function ProvisioningCard({ finished }: { finished: Overview["finished"] }) {
  const creations = creationsOf(finished);
  const median = medianOf(creations.map(({ seconds }) => seconds));
  const summary =
    median === undefined
      ? "From “Create store” to a store that sells."
      : `Usually ${formatDuration(median)}, from “Create store” to a store that sells.`;
  return (
    <Card title="Time to a ready store" note={summary}>
      {median === undefined ? (
        <NoPlot>The first store that becomes ready draws the first point.</NoPlot>
      ) : (
        <PlotFigure
          label={describeCreations(creations, median)}
          legend={
            <DashedKey>Median of {creations.length === 1 ? "one creation" : `${creations.length} creations`}</DashedKey>
          }
        >
          <ProvisioningPlot creations={creations} median={median} />
        </PlotFigure>
      )}
    </Card>
  );
}

function describeCreations(creations: readonly { seconds: number }[], median: number): string {
  const seconds = creations.map((creation) => creation.seconds);
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
  return `Time of ${creations.length} creations: median ${formatDuration(median)}, between ${formatDuration(least)} and ${formatDuration(most)}.`;
}

function OutcomeCard({ finished }: { finished: Overview["finished"] }) {
  const counts = outcomeCounts(finished);
  const text = OUTCOMES.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ");
  return (
    <Card
      title="Outcomes"
      note={`How the last ${finished.length === 1 ? "operation" : `${finished.length} operations`} ended.`}
    >
      {finished.length === 0 ? (
        <NoPlot>Nothing has ended yet.</NoPlot>
      ) : (
        <PlotFigure
          label={`Outcomes by day: ${text}.`}
          legend={OUTCOMES.map((outcome) => (
            <Key key={outcome} colour={outcomeColours[outcome]}>
              {operationLooks[outcome].word} {counts[outcome]}
            </Key>
          ))}
        >
          <OutcomePlot days={outcomesByDay(finished, formatDay)} colours={outcomeColours} />
        </PlotFigure>
      )}
    </Card>
  );
}
