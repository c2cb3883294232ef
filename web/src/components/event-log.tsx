import { VisuallyHidden } from "@mantine/core";
import { type Icon, IconAlertTriangle, IconCircleX, IconPoint } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { ProgressEvent } from "../../../automation-api/contract/operation.ts";
import styles from "./event-log.module.css";
import { formatClock } from "./format.ts";
import { severityTones } from "./status.ts";
import tones from "./tone.module.css";

const icons: Readonly<Record<ProgressEvent["severity"], Icon>> = {
  info: IconPoint,
  warning: IconAlertTriangle,
  error: IconCircleX,
};
const words: Readonly<Record<ProgressEvent["severity"], string>> = { info: "", warning: "Warning: ", error: "Error: " };

/** What scrolls must be reached by keyboard. */
const scrollable = { tabIndex: 0 } as const;

/** Everything that was said, oldest first. Stays at its end while somebody looks at the end. */
export function EventLog({ events, label }: { events: readonly ProgressEvent[]; label: string }) {
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const last = events.at(-1)?.sequence;

  useEffect(() => {
    const element = box.current;
    if (last !== undefined && element !== null && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [last]);

  return (
    <section
      ref={box}
      className={styles.log}
      aria-label={label}
      {...scrollable}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      <ol>
        {events.map((event) => (
          <EventLine key={event.sequence} event={event} />
        ))}
      </ol>
    </section>
  );
}

function EventLine({ event: { at, severity, text } }: { event: ProgressEvent }) {
  const Picture = icons[severity];
  const tone = severityTones[severity];
  return (
    <li className={`${styles.line} ${tones[tone]} ${styles[tone] ?? ""}`}>
      <time dateTime={at} className={styles.time}>
        {formatClock(at)}
      </time>
      <span className={styles.icon} aria-hidden>
        <Picture size={16} />
      </span>
      <span className={styles.text}>
        <VisuallyHidden>{words[severity]}</VisuallyHidden>
        {text}
      </span>
    </li>
  );
}
