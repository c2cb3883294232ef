import type { ReactNode } from "react";
import styles from "./rows.module.css";

interface RowsProps {
  /** Name of the table. */
  label: string;
  header: readonly string[];
  /** What is said when there are no rows. */
  empty: string;
  rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

/** What scrolls must be reached by keyboard. */
const scrollable = { tabIndex: 0 } as const;

/** A plain table; the first column is the heading of its row. */
export function Rows({ label, header, empty, rows }: RowsProps) {
  if (rows.length === 0) return <p className={styles.dim}>{empty}</p>;
  return (
    <div className={styles.scroll} {...scrollable}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {header.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <tr key={key}>
              <th scope="row">{first}</th>
              {rest.map((cell, index) => (
                <td key={header[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
