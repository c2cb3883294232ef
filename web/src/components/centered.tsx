import type { ReactNode } from "react";
import { Brand } from "./brand.tsx";
import styles from "./centered.module.css";

interface CenteredProps {
  title: string;
  children: ReactNode;
}

/** A page of one card, for those who are not inside. */
export function Centered({ title, children }: CenteredProps) {
  return (
    <main className={styles.stage}>
      <title>{`${title} · Storefleet`}</title>
      <div className={styles.panel}>
        <div className={styles.brand}>
          <Brand />
        </div>
        <div className={styles.card}>
          <h1 tabIndex={-1}>{title}</h1>
          {children}
        </div>
        <p className={styles.foot}>Online stores on Kubernetes, one Pulumi stack each.</p>
      </div>
    </main>
  );
}
