import { Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { Overview } from "../../../../automation-api/contract/platform.ts";
import { load } from "../../app/load.ts";
import { Card } from "../../components/card.tsx";
import { formatDay, formatDuration } from "../../components/format.ts";
import { operationLooks } from "../../components/status.ts";
import { WhenSeen } from "../../components/when-seen.tsx";
import styles from "./overview.module.css";
import { creationsOf, medianOf, OUTCOMES, outcomeCounts, outcomesByDay } from "./plot-data.ts";

const ProvisioningPlot = lazy(async () => ({
  default: (await load(() => import("./provisioning-plot.tsx"))).ProvisioningPlot,
}));
const OutcomePlot = lazy(async () => ({ default: (await load(() => import("./outcome-plot.tsx"))).OutcomePlot }));

/** Colour of each outcome, the same in the plot and in its key. */
export const outcomeColours = {
  succeeded: "var(--plot-good)",
  failed: "var(--plot-bad)",
  cancelled: "var(--plot-quiet)",
} as const;

export function Plots({ finished }: { finished: Overview["finished"] }) {
  return (
    <div className={styles.halves}>
      <ProvisioningCard finished={finished} />
      <OutcomeCard finished={finished} />
    </div>
  );
}

/** The plots' library is the largest part of the dashboard; it is loaded when a plot is in sight. */
function Plot({ children }: { children: ReactNode }) {
  const grey = <Skeleton height="100%" />;
  return (
    <WhenSeen fallback={grey}>
      <Suspense fallback={grey}>{children}</Suspense>
    </WhenSeen>
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
        <p className={styles.none}>The first store that becomes ready draws the first point.</p>
      ) : (
        <figure>
          <div className={styles.plot} role="img" aria-label={describeCreations(creations, median)}>
            <Plot>
              <ProvisioningPlot creations={creations} median={median} />
            </Plot>
          </div>
          <figcaption className={styles.legend}>
            <span className={styles.key}>
              <span className={styles.dashes} />
              Median of {creations.length === 1 ? "one creation" : `${creations.length} creations`}
            </span>
          </figcaption>
        </figure>
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
        <p className={styles.none}>Nothing has ended yet.</p>
      ) : (
        <figure>
          <div className={styles.plot} role="img" aria-label={`Outcomes by day: ${text}.`}>
            <Plot>
              <OutcomePlot days={outcomesByDay(finished, formatDay)} colours={outcomeColours} />
            </Plot>
          </div>
          <figcaption className={styles.legend}>
            {OUTCOMES.map((outcome) => (
              <span key={outcome} className={styles.key}>
                <span className={styles.swatch} style={{ background: outcomeColours[outcome] }} />
                {operationLooks[outcome].word} {counts[outcome]}
              </span>
            ))}
          </figcaption>
        </figure>
      )}
    </Card>
  );
}
