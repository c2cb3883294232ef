import { useInfiniteQuery } from "@tanstack/react-query";
import { findingsQuery } from "../../api/platform.ts";
import { Ago } from "../../components/ago.tsx";
import { ListCard } from "../../components/list-card.tsx";
import styles from "../../components/rows.module.css";

/** What the last comparison with the cluster and Pulumi's state has found. */
export function FindingsCard() {
  return (
    <ListCard
      title="Findings"
      note="Records, cluster and Pulumi's state are compared every five minutes."
      query={useInfiniteQuery(findingsQuery)}
      what="the findings"
      header={["About", "What was found", "Since", "Last seen"]}
      empty="Everything is as it should be."
      error={null}
      row={({ id, subject, text, firstSeenAt, lastSeenAt }) => ({
        key: id,
        cells: [
          subject,
          <span key="text" className={styles.wide}>
            {text}
          </span>,
          <Ago key="since" at={firstSeenAt} />,
          <Ago key="seen" at={lastSeenAt} />,
        ],
      })}
    />
  );
}
