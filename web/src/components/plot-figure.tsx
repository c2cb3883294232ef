import { Skeleton } from "@mantine/core";
import { type ReactNode, Suspense } from "react";
import styles from "./plot-figure.module.css";
import { WhenSeen } from "./when-seen.tsx";

interface PlotFigureProps {
  /** What the plot shows, in words, for those who do not see it. */
  label: string;
  /** Which colour is what. */
  legend: ReactNode;
  children: ReactNode;
}

/** A plot with its key. The plots' library is the largest part of the dashboard; it is loaded when a plot is in sight. */
export function PlotFigure({ label, legend, children }: PlotFigureProps) {
  const grey = <Skeleton height="100%" />;
  return (
    <figure>
      <div className={styles.plot} role="img" aria-label={label}>
        <WhenSeen fallback={grey}>
          <Suspense fallback={grey}>{children}</Suspense>
        </WhenSeen>
      </div>
      <figcaption className={styles.legend}>{legend}</figcaption>
    </figure>
  );
}

/** One colour and what it is. */
export function Key({ colour, children }: { colour: string; children: ReactNode }) {
  return (
    <span className={styles.key}>
      <span className={styles.swatch} style={{ background: colour }} />
      {children}
    </span>
  );
}

/** The dashed line and what it is. */
export function DashedKey({ children }: { children: ReactNode }) {
  return (
    <span className={styles.key}>
      <span className={styles.dashes} />
      {children}
    </span>
  );
}

/** In the place of a plot that has nothing to show. */
export function NoPlot({ children }: { children: ReactNode }) {
  return <p className={styles.none}>{children}</p>;
}
