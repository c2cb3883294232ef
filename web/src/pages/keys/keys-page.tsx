import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { KeysCard } from "./keys-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";

/** What somebody is known by. */
export function KeysPage() {
  return (
    <>
      <PageHeader title="Keys and sessions" note="What you are known by: programs by a key, browsers by a session." />
      <div className={styles.stack}>
        <KeysCard />
        <SessionsCard />
      </div>
    </>
  );
}
