import { Button, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Webhook } from "../../../../automation-api/contract/webhook.ts";
import { deleteWebhookMutation, renewSecretMutation, sendMutation, switchWebhookMutation } from "../../api/webhooks.ts";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import styles from "../../components/rows.module.css";
import { SecretOnce } from "../../components/secret-once.tsx";
import { Trouble } from "../../components/trouble.tsx";
import { Deliveries } from "./deliveries.tsx";

interface WebhookCardProps {
  organization: string;
  webhook: Webhook;
}

export function WebhookCard({ organization, webhook }: WebhookCardProps) {
  const { id, url, description, events, enabled, version } = webhook;
  const client = useQueryClient();
  const change = useMutation(switchWebhookMutation(client, organization));
  const [shown, setShown] = useState(false);
  return (
    <Card
      title={description === "" ? new URL(url).host : description}
      note={<span className={styles.wide}>{url}</span>}
      actions={
        <Switch
          label="On"
          checked={enabled}
          onChange={({ currentTarget: { checked } }) => change.mutate({ id, version, enabled: checked })}
        />
      }
    >
      <div className={styles.stack}>
        <p className={styles.dim}>Told of {events.join(", ")}</p>
        <Controls organization={organization} webhook={webhook} shown={shown} onShow={() => setShown(!shown)} />
        <Trouble error={change.error} />
        {shown && <Deliveries organization={organization} webhook={webhook} />}
      </div>
    </Card>
  );
}

interface AskingButtonProps {
  loading: boolean;
  onConfirm: () => void;
}

function RenewButton({ loading, onConfirm }: AskingButtonProps) {
  return (
    <Confirm
      title="Make a new secret?"
      action="Make a new secret"
      ends={false}
      onConfirm={onConfirm}
      asks={(ask) => (
        <Button variant="subtle" loading={loading} onClick={ask}>
          New secret
        </Button>
      )}
    >
      Requests are signed with both for a day. After that, whoever verifies them with the old one refuses them.
    </Confirm>
  );
}

function DeleteButton({ url, loading, onConfirm }: AskingButtonProps & { url: string }) {
  const label = `Delete the webhook to ${url}`;
  return (
    <Confirm
      title={`${label}?`}
      action="Delete"
      onConfirm={onConfirm}
      asks={(ask) => (
        <Button variant="subtle" color="red" aria-label={label} loading={loading} onClick={ask}>
          Delete
        </Button>
      )}
    >
      That address is told nothing any more, and what was sent to it is forgotten. To pause it, turn it off.
    </Confirm>
  );
}

function Controls({
  organization,
  webhook: { id, url, enabled },
  shown,
  onShow,
}: WebhookCardProps & { shown: boolean; onShow: () => void }) {
  const client = useQueryClient();
  const test = useMutation(sendMutation(client, organization, id));
  const renew = useMutation(renewSecretMutation(client, organization));
  const remove = useMutation(deleteWebhookMutation(client, organization));
  return (
    <>
      <div className={styles.fields}>
        <Button variant="light" aria-expanded={shown} onClick={onShow}>
          {shown ? "Hide deliveries" : "Show deliveries"}
        </Button>
        <Button variant="light" disabled={!enabled} loading={test.isPending} onClick={() => test.mutate(undefined)}>
          Send a test
        </Button>
        <RenewButton loading={renew.isPending} onConfirm={() => renew.mutate(id)} />
        <DeleteButton url={url} loading={remove.isPending} onConfirm={() => remove.mutate(id)} />
      </div>
      <p role="status">{test.isSuccess && !test.isPending ? "The test is on its way." : ""}</p>
      <Trouble error={test.error ?? renew.error ?? remove.error} />
      {renew.data !== undefined && (
        <SecretOnce what="the secret" value={renew.data.secret}>
          The old secret is used beside this one for a day. This one is not shown again.
        </SecretOnce>
      )}
    </>
  );
}
