import { Table } from "@mantine/core";
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

/** A plain table; the first column is the heading of its row. */
export function Rows({ label, header, empty, rows }: RowsProps) {
  if (rows.length === 0) return <p className={styles.dim}>{empty}</p>;
  return (
    <div className={styles.scroll}>
      <Table aria-label={label} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {header.map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={560}>
                {first}
              </Table.Th>
              {rest.map((cell, index) => (
                <Table.Td key={header[index + 1]}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
