import { IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isFinal, type Operation } from "../../../../automation-api/contract/operation.ts";
import { operationsQuery } from "../../api/list-operations.ts";
import { itemsOf } from "../../api/pages.ts";
import { Ago } from "../../components/ago.tsx";
import { Card } from "../../components/card.tsx";
import { EventLog } from "../../components/event-log.tsx";
import { Failed, Loading } from "../../components/faces.tsx";
import { formatDuration, secondsBetween } from "../../components/format.ts";
import { ShowMore } from "../../components/show-more.tsx";
import { kindTitles } from "../../components/status.ts";
import { OperationBadge } from "../../components/status-badge.tsx";
import { useLiveOperation } from "../../components/use-live-operation.ts";
import styles from "./store.module.css";

export function HistoryCard({ store }: { store: string }) {
  const query = useInfiniteQuery(operationsQuery(store));
  const operations = query.data && itemsOf(query.data);
  return (
    <Card title="History" note="Every operation on this store, newest first.">
      {query.isPending && <Loading what="the history" lines={2} height={40} />}
      {operations === undefined && query.error !== null && (
        <Failed
          title="The history could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          retrying={query.isFetching}
        />
      )}
      {operations?.length === 0 && <p className={styles.dim}>Nothing was done to this store yet.</p>}
      {operations?.map((operation) => (
        <Entry key={operation.id} operation={operation} />
      ))}
      <ShowMore query={query}>Show older operations</ShowMore>
    </Card>
  );
}

function Entry({ operation }: { operation: Operation }) {
  const [opened, setOpened] = useState(false);
  const { kind, status, queuedAt, finishedAt, reason } = operation;
  const seconds = secondsBetween(queuedAt, finishedAt);
  return (
    <details className={styles.entry} onToggle={({ currentTarget: { open } }) => setOpened(open)}>
      <summary>
        <IconChevronRight size={17} aria-hidden />
        <span className={styles.entryTitle}>{kindTitles[kind]}</span>
        <OperationBadge status={status} />
        <span className={styles.entryMeta}>
          <Ago at={queuedAt} />
          {seconds !== undefined && ` · ${formatDuration(seconds)}`}
        </span>
      </summary>
      {opened && (
        <div className={styles.entryBody}>
          {reason !== undefined && isFinal(status) && <p className={styles.dim}>{reason}</p>}
          <Events operation={operation} />
        </div>
      )}
    </details>
  );
}

function Events({ operation }: { operation: Operation }) {
  const { events, isPending, error, retry } = useLiveOperation(operation);
  if (isPending) return <Loading what="the events" lines={4} height={20} />;
  if (events.length === 0 && error !== null) {
    return <Failed title="The events could not be loaded" error={error} onRetry={retry} />;
  }
  if (events.length === 0) return <p className={styles.dim}>No events were kept.</p>;
  return <EventLog events={events} label={`Events of “${kindTitles[operation.kind]}”`} />;
}
