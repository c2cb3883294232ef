import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../../../automation-api/contract/audit.ts";
import { auditQuery, exportAddress, verifyAudit } from "../../api/audit.ts";
import { itemsOf } from "../../api/pages.ts";
import { sessionQuery } from "../../api/session.ts";
import { Ago } from "../../components/ago.tsx";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { Rows } from "../../components/rows.tsx";
import { ShowMore } from "../../components/show-more.tsx";
import { Trouble } from "../../components/trouble.tsx";

/** What was done, by whom, from where. */
export function AuditPage() {
  const query = useInfiniteQuery(auditQuery);
  const { data: session } = useQuery(sessionQuery);
  return (
    <>
      <PageHeader title="Audit log" note="What was done, and what was refused. Nobody can change it." />
      <div className={styles.stack}>
        {session?.user.administrator === true && <VerificationCard />}
        <Card title="Entries" note="Newest first." actions={<Exports />}>
          <Answer query={query} what="the entries">
            {(data) => <Entries items={itemsOf(data)} />}
          </Answer>
          <ShowMore query={query}>Show older entries</ShowMore>
        </Card>
      </div>
    </>
  );
}

function Exports() {
  return (
    <div className={styles.fields}>
      <Button component="a" variant="default" href={exportAddress("csv")} download>
        Export as CSV
      </Button>
      <Button component="a" variant="default" href={exportAddress("jsonl")} download>
        Export as JSON lines
      </Button>
    </div>
  );
}

function Entries({ items }: { items: readonly AuditEntry[] }) {
  return (
    <Rows
      label="Audit log"
      header={["When", "Who", "What", "About", "Outcome", "From"]}
      empty="Nothing was done yet."
      rows={items.map(({ id, at, actor, via, action, subject, outcome, address }) => ({
        key: id,
        cells: [
          <Ago key="at" at={at} />,
          via === undefined || via === "session" ? actor : `${actor} (${via})`,
          action,
          <span key="subject" className={styles.wide}>
            {subject}
          </span>,
          outcome,
          address ?? "–",
        ],
      }))}
    />
  );
}

function VerificationCard() {
  const { mutate, isPending, data, error } = useMutation({ mutationFn: verifyAudit });
  const check = (
    <Button variant="default" loading={isPending} onClick={() => mutate()}>
      Check the chain
    </Button>
  );
  return (
    <Card title="Integrity" note="Every entry carries the hash of the one before it." actions={check}>
      <div role="status">
        {data?.intact === true && <p>All {data.entries} entries are as they were written.</p>}
        {data?.intact === false && (
          <p>
            <strong>Entry {data.brokenAt} is not as it was written, or does not follow the one before it.</strong>
          </p>
        )}
      </div>
      <Trouble error={error} />
    </Card>
  );
}
