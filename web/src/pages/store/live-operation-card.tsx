import { Button, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { isFinal, type Operation } from "../../../../automation-api/contract/operation.ts";
import { cancelOperationMutation } from "../../api/change-store.ts";
import { sentenceOf } from "../../api/errors.ts";
import { Card } from "../../components/card.tsx";
import { EventLog } from "../../components/event-log.tsx";
import { Failed, Loading } from "../../components/faces.tsx";
import { formatDuration, formatShare } from "../../components/format.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { OperationBadge } from "../../components/status-badge.tsx";
import { StepList } from "../../components/step-list.tsx";
import { runningStep } from "../../components/steps.ts";
import tones from "../../components/tone.module.css";
import { type LiveOperation, useLiveOperation } from "../../components/use-live-operation.ts";
import { useNow } from "../../components/use-now.ts";
import styles from "./store.module.css";

const titles: Readonly<Record<Operation["kind"], string>> = {
  create: "Setting up the store",
  rotate: "Making new secrets",
  delete: "Deleting the store",
};

interface LiveOperationCardProps {
  operation: Operation;
  canCancel: boolean;
}

export function LiveOperationCard({ operation: known, canCancel }: LiveOperationCardProps) {
  const live = useLiveOperation(known);
  const { operation } = live;
  return (
    <Card
      title={titles[operation.kind]}
      note={
        live.stream === "waiting" ? "The connection is interrupted; trying again…" : `Asked for by ${operation.askedBy}`
      }
      actions={
        <div className={styles.actions}>
          <OperationBadge status={operation.status} />
          {canCancel && !isFinal(operation.status) && <Cancel operation={operation} />}
        </div>
      }
    >
      <div className={styles.live}>
        <ProgressPart live={live} />
        {operation.reason !== undefined && !isFinal(operation.status) && (
          <p className={styles.dim}>{operation.reason}</p>
        )}
        <div className={styles.halves}>
          <Steps live={live} />
          <Events live={live} />
        </div>
      </div>
    </Card>
  );
}

function ProgressPart({ live: { operation, heardAt } }: { live: LiveOperation }) {
  const { progress, status, kind } = operation;
  const step = runningStep(progress)?.title;
  const now = useNow(1_000);
  return (
    <div className={styles.progress}>
      <div className={styles.progressWords}>
        <span className={styles.percent}>{formatShare(progress.fraction)}</span>
        <span className={styles.dim}>{isFinal(status) ? "" : remaining(progress.etaSeconds, now - heardAt)}</span>
      </div>
      <ProgressBar
        label={titles[kind]}
        fraction={progress.fraction}
        moving={status === "running"}
        height={10}
        {...(step === undefined ? {} : { text: step })}
      />
      {/* Said once for each step, not for each percent. */}
      <VisuallyHidden role="status">{step === undefined ? "" : `${titles[kind]}: ${step}`}</VisuallyHidden>
    </div>
  );
}

/** `eta`: seconds until the end when it was heard; `waited`: milliseconds since then. */
function remaining(eta: number | undefined, waited: number): string {
  if (eta === undefined) return "";
  const left = Math.round(eta - Math.max(0, waited) / 1000);
  if (left <= 0) return "any moment now";
  return `about ${formatDuration(Math.max(10, left) === left ? left : Math.ceil(left))} left`;
}

function Steps({ live: { operation, heardAt } }: { live: LiveOperation }) {
  const now = useNow(1_000);
  return <StepList steps={operation.progress.steps} more={Math.max(0, now - heardAt) / 1000} />;
}

function Events({ live: { events, isPending, error, retry } }: { live: LiveOperation }) {
  if (isPending) return <Loading what="the events" lines={5} height={20} />;
  if (events.length === 0 && error !== null) {
    return <Failed title="The events could not be loaded" error={error} onRetry={retry} />;
  }
  if (events.length === 0) return <p className={styles.dim}>Nothing has happened yet.</p>;
  return <EventLog events={events} label="Events" />;
}

function Cancel({ operation: { id, store, cancelRequested } }: { operation: Operation }) {
  const cancel = useMutation(cancelOperationMutation(useQueryClient(), store));
  const asked = cancelRequested || cancel.isSuccess;
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        loading={cancel.isPending}
        disabled={asked}
        onClick={() => cancel.mutate(id)}
      >
        {asked ? "Cancelling…" : "Cancel"}
      </Button>
      {cancel.isError && (
        <span role="alert" className={`${tones.bad} ${styles.reason}`}>
          {sentenceOf(cancel.error)}
        </span>
      )}
    </>
  );
}
