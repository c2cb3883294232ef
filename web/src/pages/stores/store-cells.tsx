import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isFinal } from "../../../../automation-api/contract/operation.ts";
import type { StoreSummary } from "../../../../automation-api/contract/store.ts";
import { platformQuery } from "../../api/platform.ts";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { StoreBadge } from "../../components/status-badge.tsx";
import { runningStep } from "../../components/steps.ts";
import { engineTitle, planTitles } from "../../components/words.ts";
import styles from "./stores.module.css";

interface CellProps {
  store: StoreSummary;
}

export function NameCell({ store: { name, displayName } }: CellProps) {
  return (
    <>
      <Link to="/stores/$name" params={{ name }} className={styles.name}>
        {displayName}
      </Link>
      {displayName !== name && <span className={styles.address}>{name}</span>}
    </>
  );
}

export function StatusCell({ store: { name, status, reason, operation, clusterAway } }: CellProps) {
  const step = runningStep(operation.progress)?.title ?? operation.reason;
  return (
    <div className={styles.status}>
      <StoreBadge status={status} />
      {!isFinal(operation.status) && (
        <div className={styles.live}>
          <ProgressBar label={`Progress of ${name}`} fraction={operation.progress.fraction} moving height={4} />
          <span className={styles.step}>{step ?? "Waits for its turn"}</span>
        </div>
      )}
      {clusterAway !== undefined && <span className={styles.reason}>{clusterAway}</span>}
      {status === "failed" && reason !== undefined && <span className={styles.reason}>{reason}</span>}
    </div>
  );
}

export function PlanCell({ store: { engine, plan, cluster } }: CellProps) {
  const { data: platform } = useQuery(platformQuery);
  return (
    <span className={styles.dim}>
      {engineTitle(platform, engine)} · {planTitles[plan]}
      {platform !== undefined && platform.clusters.length > 1 && ` · ${cluster}`}
    </span>
  );
}

export function VisitCell({ store: { url, status, displayName } }: CellProps) {
  if (url === undefined || status !== "ready") return null;
  return (
    <a href={url} target="_blank" rel="noreferrer" className={styles.outside} aria-label={`Visit ${displayName}`}>
      Visit
      <IconExternalLink size={15} aria-hidden />
    </a>
  );
}
