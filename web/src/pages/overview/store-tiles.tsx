import { type Icon, IconAlertTriangle, IconBuildingStore, IconCircleCheck, IconProgress } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { formatCount } from "../../components/format.ts";
import type { Tone } from "../../components/status.ts";
import tones from "../../components/tone.module.css";
import { BUSY, type Counts } from "./counts.ts";
import styles from "./overview.module.css";

interface Tile {
  readonly key: keyof Counts;
  readonly title: string;
  readonly tone: Tone;
  readonly icon: Icon;
  /** Filter of the list of stores. */
  readonly status?: string;
}

const tiles: readonly Tile[] = [
  { key: "all", title: "Stores", tone: "quiet", icon: IconBuildingStore },
  { key: "ready", title: "Ready", tone: "good", icon: IconCircleCheck, status: "ready" },
  { key: "busy", title: "In progress", tone: "busy", icon: IconProgress, status: BUSY.join(",") },
  { key: "failed", title: "Failed", tone: "bad", icon: IconAlertTriangle, status: "failed" },
];

export function StoreTiles({ counts }: { counts: Counts }) {
  return (
    <nav className={styles.tiles} aria-label="Stores by status">
      {tiles.map(({ key, title, tone, icon: Picture, status }) => (
        <Link
          key={key}
          to="/stores"
          search={status === undefined ? {} : { status }}
          className={`${styles.tile} ${tones[counts[key] === 0 ? "quiet" : tone]}`}
        >
          <span className={styles.tileHead}>
            <span className={styles.tileIcon}>
              <Picture size={18} stroke={1.9} aria-hidden />
            </span>
            {title}
          </span>{" "}
          <span className={styles.number}>{formatCount(counts[key])}</span>
        </Link>
      ))}
    </nav>
  );
}
