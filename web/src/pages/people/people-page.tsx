import { useQuery, useQueryClient } from "@tanstack/react-query";
import { organizationForNew } from "../../api/organizations.ts";
import { sessionQuery } from "../../api/session.ts";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { InvitationsCard } from "./invitations-card.tsx";
import { MembersCard } from "./members-card.tsx";
import { NewOrganizationCard } from "./new-organization-card.tsx";

/** Who belongs to the organization that is shown. */
export function PeoplePage() {
  const { data: session } = useQuery(sessionQuery);
  const chosen = organizationForNew(useQueryClient()) ?? session?.organizations[0]?.name;
  const role = session?.organizations.find(({ name }) => name === chosen)?.role;
  const manages = role === "admin" || role === "owner" || session?.user.administrator === true;
  return (
    <>
      <PageHeader title="People" note={chosen === undefined ? "You belong to no organization yet." : `Of ${chosen}.`} />
      <div className={styles.stack}>
        {chosen === undefined && (
          <Card title="No organization">
            <p className={styles.dim}>Open an invitation, or make an organization of your own.</p>
          </Card>
        )}
        {chosen !== undefined && <MembersCard organization={chosen} manages={manages} self={session?.user.id} />}
        {chosen !== undefined && manages && <InvitationsCard organization={chosen} mayMakeOwners={role !== "admin"} />}
        <NewOrganizationCard />
      </div>
    </>
  );
}
