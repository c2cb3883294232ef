import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { organizationForNew } from "../../api/organizations.ts";
import { itemsOf } from "../../api/pages.ts";
import { sessionQuery } from "../../api/session.ts";
import { webhooksQuery } from "../../api/webhooks.ts";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { ShowMore } from "../../components/show-more.tsx";
import { CreateWebhookCard } from "./create-webhook-card.tsx";
import { WebhookCard } from "./webhook-card.tsx";

/** Who is told what happens in the organization that is shown. */
export function WebhooksPage() {
  const { data: session } = useQuery(sessionQuery);
  const organization = organizationForNew(useQueryClient()) ?? session?.organizations[0]?.name;
  return (
    <>
      <PageHeader
        title="Webhooks"
        note={
          organization === undefined
            ? "You belong to no organization yet."
            : `Addresses that are told what happens in ${organization}. Requests are signed as Standard Webhooks.`
        }
      />
      {organization !== undefined && <Webhooks organization={organization} />}
    </>
  );
}

function Webhooks({ organization }: { organization: string }) {
  const query = useInfiniteQuery(webhooksQuery(organization));
  return (
    <div className={styles.stack}>
      <CreateWebhookCard organization={organization} />
      <Answer query={query} what="the webhooks">
        {(data) =>
          itemsOf(data).length === 0 ? (
            <Card title="No webhook yet">
              <p className={styles.dim}>Nobody is told what happens here.</p>
            </Card>
          ) : (
            itemsOf(data).map((webhook) => (
              <WebhookCard key={webhook.id} organization={organization} webhook={webhook} />
            ))
          )
        }
      </Answer>
      <ShowMore query={query}>Show more webhooks</ShowMore>
    </div>
  );
}
