import { VisuallyHidden } from "@mantine/core";
import {
  type Icon,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconLoader2,
} from "@tabler/icons-react";
import type { Step } from "../../../automation-api/contract/operation.ts";
import { formatDuration } from "./format.ts";
import type { Tone } from "./status.ts";
import styles from "./step-list.module.css";
import tones from "./tone.module.css";

const looks: Readonly<Record<Step["status"], { icon: Icon; tone: Tone; word: string }>> = {
  pending: { icon: IconCircleDashed, tone: "quiet", word: "to do" },
  running: { icon: IconLoader2, tone: "busy", word: "running" },
  done: { icon: IconCircleCheckFilled, tone: "good", word: "done" },
  failed: { icon: IconCircleXFilled, tone: "bad", word: "failed" },
};

/** `more`: seconds that have passed since the step that goes on was heard of. */
export function StepList({ steps, more = 0 }: { steps: readonly Step[]; more?: number }) {
  return (
    <ol className={styles.list} aria-label="Steps">
      {steps.map(({ key, title, status, seconds }) => {
        const { icon: Picture, tone, word } = looks[status];
        const took = seconds === undefined ? undefined : seconds + (status === "running" ? more : 0);
        return (
          <li
            key={key}
            className={`${styles.step} ${styles[status] ?? ""}`}
            aria-current={status === "running" ? "step" : undefined}
          >
            <span className={`${styles.icon} ${tones[tone]}`} aria-hidden>
              <Picture size={20} className={status === "running" ? tones.turning : undefined} />
            </span>
            <span>
              {title}
              <VisuallyHidden>, {word}</VisuallyHidden>
            </span>
            {took !== undefined && <span className={styles.time}>{formatDuration(took)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
