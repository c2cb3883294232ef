import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { WEBHOOK_EVENTS, type WebhookEvent, webhookEventSchema } from "../../../../automation-api/contract/webhook.ts";
import { ProblemError } from "../../api/errors.ts";
import { createWebhookMutation } from "../../api/webhooks.ts";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { SecretOnce } from "../../components/secret-once.tsx";
import { Trouble } from "../../components/trouble.tsx";

const eventTitles: Readonly<Record<WebhookEvent, string>> = {
  "store.ready": "A store is ready",
  "store.failed": "A store has failed",
  "store.deleted": "A store is deleted",
  "store.drifted": "Something of a store was changed by others",
  "operation.finished": "An operation is over",
};

export function CreateWebhookCard({ organization }: { organization: string }) {
  const create = useMutation(createWebhookMutation(useQueryClient(), organization));
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [events, setEvents] = useState<WebhookEvent[]>([...WEBHOOK_EVENTS]);
  const errors = create.error instanceof ProblemError ? (create.error.problem.errors ?? []) : [];
  return (
    <Card title="New webhook" note="What is not answered with 2xx is sent again, for about a day.">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ url: url.trim(), description, events }, { onSuccess: () => setUrl("") });
        }}
      >
        <TextInput
          label="Address"
          type="url"
          required
          maxLength={1000}
          placeholder="https://example.com/storefleet"
          value={url}
          error={errors.find(({ field }) => field === "url")?.message}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setUrl(value)}
        />
        <TextInput
          label="What it is for"
          maxLength={100}
          value={description}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setDescription(value)}
        />
        <Checkbox.Group
          label="It is told when"
          value={events}
          onChange={(values) => setEvents(values.map((value) => webhookEventSchema.parse(value)))}
        >
          <div className={styles.stack}>
            {WEBHOOK_EVENTS.map((event) => (
              <Checkbox key={event} value={event} label={eventTitles[event]} />
            ))}
          </div>
        </Checkbox.Group>
        <div>
          <Button type="submit" loading={create.isPending} disabled={events.length === 0}>
            Make a webhook
          </Button>
        </div>
        <Trouble error={create.error} />
      </form>
      {create.data !== undefined && (
        <SecretOnce what="the secret" value={create.data.secret}>
          Verify requests with this secret. It is not shown again.
        </SecretOnce>
      )}
    </Card>
  );
}
