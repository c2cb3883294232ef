import type { OperationStatus } from "../../../automation-api/contract/operation.ts";
import type { StoreStatus } from "../../../automation-api/contract/store.ts";
import type { Delivery } from "../../../automation-api/contract/webhook.ts";
import { deliveryLooks, type Look, operationLooks, storeLooks } from "./status.ts";
import styles from "./tone.module.css";

function Badge({ look }: { look: Look }) {
  return (
    <span className={`${styles.pill} ${styles[look.tone]}`}>
      <span className={`${styles.icon} ${look.turning ? styles.turning : ""}`}>
        <look.icon size={14} stroke={2.2} aria-hidden />
      </span>
      {look.word}
    </span>
  );
}

export function StoreBadge({ status }: { status: StoreStatus }) {
  return <Badge look={storeLooks[status]} />;
}

export function DeliveryBadge({ status }: { status: Delivery["status"] }) {
  return <Badge look={deliveryLooks[status]} />;
}

export function OperationBadge({ status }: { status: OperationStatus }) {
  return <Badge look={operationLooks[status]} />;
}
