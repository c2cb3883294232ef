import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { OperationKind } from "../../../../automation-api/contract/operation.ts";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { retryStoreMutation } from "../../api/change-store.ts";
import { sentenceOf } from "../../api/errors.ts";
import { useIdempotencyKey } from "../../api/idempotency-key.ts";
import { Card } from "../../components/card.tsx";
import { EventLog } from "../../components/event-log.tsx";
import { Failed, Loading } from "../../components/faces.tsx";
import { StepList } from "../../components/step-list.tsx";
import tones from "../../components/tone.module.css";
import { useLiveOperation } from "../../components/use-live-operation.ts";
import { DeleteButton } from "./delete-button.tsx";
import styles from "./store.module.css";

const undone: Readonly<Record<OperationKind, string>> = {
  create: "set up",
  rotate: "given new secrets",
  delete: "deleted",
};

/** What went wrong, and the two ways out. */
export function FailureCard({ store }: { store: Store }) {
  const { operation, reason, can } = store;
  return (
    <Card
      title={`The store could not be ${undone[operation.kind]}`}
      note="Nothing goes on at the moment; choose what to do."
    >
      <div className={styles.live}>
        <p className={`${styles.reason} ${tones.bad}`}>
          {reason ?? operation.reason ?? "The reason is not known; the events below say what was done."}
        </p>
        <div className={styles.actions}>
          {can.retry && <Retry store={store} />}
          {can.delete && <DeleteButton store={store} />}
        </div>
        <Account store={store} />
      </div>
    </Card>
  );
}

function Retry({ store: { name, operation } }: { store: Store }) {
  const keyFor = useIdempotencyKey();
  const retry = useMutation(retryStoreMutation(useQueryClient(), name));
  return (
    <>
      <Button
        leftSection={<IconRefresh size={17} aria-hidden />}
        loading={retry.isPending}
        onClick={() => retry.mutate(keyFor(operation.id))}
      >
        Retry
      </Button>
      {retry.isError && <span role="alert">{sentenceOf(retry.error)}</span>}
    </>
  );
}

/** The steps and the events of the operation that failed. */
function Account({ store: { operation } }: { store: Store }) {
  const { events, isPending, error, retry } = useLiveOperation(operation);
  return (
    <div className={styles.halves}>
      <StepList steps={operation.progress.steps} />
      {isPending && <Loading what="the events" lines={5} height={20} />}
      {!isPending && events.length === 0 && error !== null && (
        <Failed title="The events could not be loaded" error={error} onRetry={retry} />
      )}
      {events.length > 0 && <EventLog events={events} label="Events" />}
    </div>
  );
}
