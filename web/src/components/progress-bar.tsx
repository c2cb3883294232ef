import type { CSSProperties } from "react";
import { formatShare } from "./format.ts";
import styles from "./progress-bar.module.css";
import type { Tone } from "./status.ts";
import tones from "./tone.module.css";

interface ProgressBarProps {
  /** What goes on; the bar's accessible name. */
  label: string;
  /** From 0 to 1. */
  fraction: number;
  /** Said with the share, such as "Start the database". */
  text?: string;
  /** Whether work goes on right now. */
  moving?: boolean;
  tone?: Tone;
  /** In pixels. Default 6. */
  height?: number;
}

export function ProgressBar({ label, fraction, text, moving = false, tone, height = 6 }: ProgressBarProps) {
  const percent = Math.round(fraction * 100);
  const style: CSSProperties & { "--height": string } = { "--height": `${height}px` };
  return (
    <div
      className={`${styles.track} ${tone === undefined ? "" : tones[tone]}`}
      style={style}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text === undefined ? formatShare(fraction) : `${formatShare(fraction)}, ${text}`}
    >
      <div className={`${styles.fill} ${moving ? styles.moving : ""}`} style={{ width: `${Math.max(percent, 2)}%` }} />
    </div>
  );
}
