import { type ReactNode, useId } from "react";
import styles from "./surface.module.css";

interface CardProps {
  /** Its heading, and the name of the region. */
  title: string;
  note?: ReactNode;
  /** Controls at the right of the heading. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A named part of a page. */
export function Card({ title, note, actions, children }: CardProps) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div className={styles.head}>
        <div>
          <h2 id={id} className={styles.title}>
            {title}
          </h2>
          {note !== undefined && <p className={styles.note}>{note}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
