import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Webhook } from "../../../../automation-api/contract/webhook.ts";
import { itemsOf } from "../../api/pages.ts";
import { deliveriesQuery, sendMutation } from "../../api/webhooks.ts";
import { Ago } from "../../components/ago.tsx";
import { Answer } from "../../components/answer.tsx";
import { Rows } from "../../components/rows.tsx";
import { ShowMore } from "../../components/show-more.tsx";
import { DeliveryBadge } from "../../components/status-badge.tsx";
import { Trouble } from "../../components/trouble.tsx";

/** What was sent to a webhook, newest first. */
export function Deliveries({ organization, webhook }: { organization: string; webhook: Webhook }) {
  const query = useInfiniteQuery(deliveriesQuery(organization, webhook.id));
  const replay = useMutation(sendMutation(useQueryClient(), organization, webhook.id));
  return (
    <Answer query={query} what="the deliveries">
      {(data) => (
        <>
          <Rows
            label={`Deliveries to ${webhook.url}`}
            header={["Event", "Status", "When", "Attempts", "Reason", "Change"]}
            empty="Nothing was sent yet."
            rows={itemsOf(data).map((delivery) => ({
              key: delivery.id,
              cells: [
                delivery.event,
                <DeliveryBadge key="status" status={delivery.status} />,
                <Ago key="when" at={delivery.createdAt} />,
                delivery.attempts,
                delivery.reason ?? "–",
                <Button
                  key="replay"
                  variant="subtle"
                  size="compact-sm"
                  disabled={!webhook.enabled}
                  aria-label={`Send again ${delivery.event}`}
                  onClick={() => replay.mutate(delivery.id)}
                >
                  Send again
                </Button>,
              ],
            }))}
          />
          <ShowMore query={query}>Show older ones</ShowMore>
          <Trouble error={replay.error} />
        </>
      )}
    </Answer>
  );
}
