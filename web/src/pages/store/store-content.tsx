import { isFinal } from "../../../../automation-api/contract/operation.ts";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { CredentialsCard } from "./credentials-card.tsx";
import { DeleteCard } from "./delete-card.tsx";
import { DetailsCard } from "./details-card.tsx";
import { FailureCard } from "./failure-card.tsx";
import { HistoryCard } from "./history-card.tsx";
import { InspectCard } from "./inspect-card.tsx";
import { LiveOperationCard } from "./live-operation-card.tsx";
import { OutputsCard } from "./outputs-card.tsx";
import { ResourcesCard } from "./resources-card.tsx";
import styles from "./store.module.css";

/** What is urgent first: what goes on, or what went wrong. */
export function StoreContent({ store }: { store: Store }) {
  const { operation, can } = store;
  const live = !isFinal(operation.status);
  return (
    <div className={styles.grid}>
      {live && <LiveOperationCard key={operation.id} operation={operation} canCancel={can.cancel} />}
      {!live && store.status === "failed" && <FailureCard store={store} />}
      <div className={styles.columns}>
        <div className={styles.stack}>
          {can.credentials && <CredentialsCard store={store} />}
          <ResourcesCard resources={store.resources} live={live} />
          <OutputsCard outputs={store.outputs} />
          <InspectCard commands={store.inspect} />
          <HistoryCard store={store.name} />
        </div>
        <div className={styles.stack}>
          <DetailsCard store={store} />
          <DeleteCard store={store} />
        </div>
      </div>
    </div>
  );
}
