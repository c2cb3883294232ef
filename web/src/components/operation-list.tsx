import { Link } from "@tanstack/react-router";
import { isFinal, type Operation } from "../../../automation-api/contract/operation.ts";
import { Ago } from "./ago.tsx";
import { formatDuration, secondsBetween } from "./format.ts";
import styles from "./operation-list.module.css";
import { ProgressBar } from "./progress-bar.tsx";
import { OperationBadge } from "./status-badge.tsx";
import { runningStep } from "./steps.ts";

const verbs: Readonly<Record<Operation["kind"], string>> = {
  create: "Create",
  rotate: "New secrets for",
  delete: "Delete",
};

/** Operations of any store, each in two lines; one that goes on shows how far it is. */
export function OperationList({ operations }: { operations: readonly Operation[] }) {
  return (
    <ul className={styles.list}>
      {operations.map((operation) => (
        <OperationRow key={operation.id} operation={operation} />
      ))}
    </ul>
  );
}

function OperationRow({ operation }: { operation: Operation }) {
  const { store, kind, status, progress } = operation;
  const title = runningStep(progress)?.title;
  return (
    <li className={styles.row}>
      <span className={styles.what}>
        {verbs[kind]}{" "}
        <Link to="/stores/$name" params={{ name: store }} className={styles.store}>
          {store}
        </Link>
      </span>
      <OperationBadge status={status} />
      {status === "running" && (
        <span className={styles.bar}>
          <ProgressBar
            label={`${verbs[kind]} ${store}`}
            fraction={progress.fraction}
            moving
            {...(title === undefined ? {} : { text: title })}
          />
        </span>
      )}
      <span className={styles.meta}>
        <Meta operation={operation} />
      </span>
    </li>
  );
}

function Meta({ operation: { status, progress, queuedAt, finishedAt, reason } }: { operation: Operation }) {
  if (!isFinal(status)) return <>{runningStep(progress)?.title ?? reason ?? "Waits for its turn"}</>;
  const seconds = secondsBetween(queuedAt, finishedAt);
  return (
    <>
      <Ago at={finishedAt ?? queuedAt} />
      {seconds !== undefined && ` · took ${formatDuration(seconds)}`}
      {status === "failed" && reason !== undefined && ` · ${reason}`}
    </>
  );
}
