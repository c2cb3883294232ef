import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../../../automation-api/contract/page.ts";
import { itemsOf } from "../api/pages.ts";
import { Answer } from "./answer.tsx";
import { Card } from "./card.tsx";
import styles from "./rows.module.css";
import { Rows } from "./rows.tsx";
import { ShowMore } from "./show-more.tsx";
import { Trouble } from "./trouble.tsx";

interface ListCardProps<Item> {
  title: string;
  note: string;
  /** Controls at the right of the heading. */
  actions?: ReactNode;
  /** What adds to the list. */
  form?: ReactNode;
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** What is coming, such as "the members". */
  what: string;
  header: readonly string[];
  empty: string;
  row: (item: Item) => { readonly key: string; readonly cells: readonly ReactNode[] };
  /** Why something could not be done with an item. */
  error: unknown;
}

/** A list somebody may add to and take from. */
export function ListCard<Item>(props: ListCardProps<Item>) {
  const { title, note, actions, form, query, what, header, empty, row, error } = props;
  return (
    <Card title={title} note={note} actions={actions}>
      <div className={styles.stack}>
        {form}
        <Answer query={query} what={what}>
          {(data) => <Rows label={title} header={header} empty={empty} rows={itemsOf(data).map(row)} />}
        </Answer>
        <ShowMore query={query}>{`Show more of ${what}`}</ShowMore>
        <Trouble error={error} />
      </div>
    </Card>
  );
}
