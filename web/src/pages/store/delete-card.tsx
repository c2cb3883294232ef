import type { Store } from "../../../../automation-api/contract/store.ts";
import { Card } from "../../components/card.tsx";
import { DeleteButton } from "./delete-button.tsx";
import styles from "./store.module.css";

export function DeleteCard({ store }: { store: Store }) {
  // A store that failed is deleted where its failure is told.
  if (!store.can.delete || store.status === "failed") return null;
  return (
    <Card title="Delete">
      <div className={styles.close}>
        <p className={styles.dim}>Takes the store down with everything that belongs to it, and frees its name.</p>
        <div className={styles.actions}>
          <DeleteButton store={store} />
        </div>
      </div>
    </Card>
  );
}
