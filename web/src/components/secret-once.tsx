import { CommandLine } from "./copy.tsx";
import styles from "./rows.module.css";

/** Something that is shown now and never again. */
export function SecretOnce({ what, value, children }: { what: string; value: string; children: string }) {
  return (
    <div className={styles.once} role="status">
      <p>{children}</p>
      <CommandLine command={value} what={what} />
    </div>
  );
}
