import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { type Icon, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { sentenceOf } from "../api/errors.ts";
import styles from "./faces.module.css";

// Three of the four faces of a view; the fourth is its content.

interface EmptyProps {
  icon: Icon;
  title: string;
  children: ReactNode;
  /** The one thing to do next. */
  action?: ReactNode;
}

export function Empty({ icon: Picture, title, children, action }: EmptyProps) {
  return (
    <div className={styles.face}>
      <span className={styles.picture}>
        <Picture size={30} stroke={1.6} aria-hidden />
      </span>
      <h2>{title}</h2>
      <p className={styles.text}>{children}</p>
      {action !== undefined && <div className={styles.actions}>{action}</div>}
    </div>
  );
}

interface FailedProps {
  /** What could not be shown, such as "The stores could not be loaded". */
  title: string;
  error: unknown;
  onRetry: () => void;
  retrying?: boolean;
}

export function Failed({ title, error, onRetry, retrying = false }: FailedProps) {
  return (
    <div className={styles.face} role="alert">
      <span className={`${styles.picture} ${styles.bad}`}>
        <IconPlugConnectedX size={30} stroke={1.6} aria-hidden />
      </span>
      <h2>{title}</h2>
      <p className={styles.text}>{sentenceOf(error)}</p>
      <div className={styles.actions}>
        <Button onClick={onRetry} loading={retrying} variant="light">
          Try again
        </Button>
      </div>
    </div>
  );
}

const LINES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"] as const;

interface LoadingProps {
  /** What is coming; said to those who do not see the grey lines. */
  what: string;
  /** How many grey lines, at most eight. */
  lines: number;
  /** Of each line, in pixels. */
  height: number;
}

/** Grey lines in the place of what is coming. */
export function Loading({ what, lines, height }: LoadingProps) {
  return (
    <div className={styles.loading} role="status">
      <VisuallyHidden>Loading {what}…</VisuallyHidden>
      {LINES.slice(0, lines).map((line) => (
        <Skeleton key={line} height={height} radius="md" aria-hidden />
      ))}
    </div>
  );
}
