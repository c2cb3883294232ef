import type { ReactNode } from "react";
import styles from "./page-header.module.css";

interface PageHeaderProps {
  title: string;
  /** Title of the browser's tab, where it says more than the heading. */
  tab?: string;
  /** Above the heading: the way back. */
  above?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
}

/** Every page begins with it. Its heading takes the focus when the page is come to, so that screen readers say it. */
export function PageHeader({ title, tab = title, above, note, actions }: PageHeaderProps) {
  return (
    <div className={styles.header}>
      <title>{`${tab} · Storefleet`}</title>
      <div className={styles.words}>
        {above}
        <h1 tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {note !== undefined && <div className={styles.note}>{note}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
