import { Button, Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SCOPES, type Scope, scopeSchema } from "../../../../automation-api/contract/keys.ts";
import { createKeyMutation, keysQuery, revokeKeyMutation } from "../../api/keys.ts";
import { organizationForNew } from "../../api/organizations.ts";
import { Ago } from "../../components/ago.tsx";
import { ConfirmedRowButton } from "../../components/confirmed-row-button.tsx";
import { formatDateTime } from "../../components/format.ts";
import { ListCard } from "../../components/list-card.tsx";
import styles from "../../components/rows.module.css";
import { SecretOnce } from "../../components/secret-once.tsx";
import { Trouble } from "../../components/trouble.tsx";

const scopeTitles: Readonly<Record<Scope, string>> = {
  read: "Look at stores",
  write: "Create and delete stores",
  credentials: "Read stores' credentials",
  manage: "Manage people, keys and audit",
};

export function KeysCard() {
  const query = useInfiniteQuery(keysQuery);
  const revoke = useMutation(revokeKeyMutation(useQueryClient()));
  return (
    <ListCard
      title="API keys"
      note="Send one as Authorization: Bearer sfk_…, or give it to storefleet login."
      form={<CreateKeyForm />}
      query={query}
      what="the keys"
      header={["Name", "Key", "For", "May", "Last used", "Until", "Change"]}
      empty="You have no key."
      error={revoke.error}
      row={({ id, name, hint, organization, scopes, seenAt, expiresAt }) => ({
        key: id,
        cells: [
          name,
          <code key="hint">{hint}…</code>,
          organization,
          scopes.join(", "),
          seenAt === undefined ? "never" : <Ago key="seen" at={seenAt} />,
          formatDateTime(expiresAt),
          <ConfirmedRowButton
            key="revoke"
            action="Revoke"
            label={`Revoke ${name}`}
            loading={revoke.isPending && revoke.variables === id}
            onConfirm={() => revoke.mutate(id)}
          >
            What uses this key is refused from now on. Nothing brings it back.
          </ConfirmedRowButton>,
        ],
      })}
    />
  );
}

function CreateKeyForm() {
  const client = useQueryClient();
  const create = useMutation(createKeyMutation(client));
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | string>(90);
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        const organization = organizationForNew(client);
        create.mutate(
          { name: name.trim(), scopes, days: Number(days), ...(organization !== undefined && { organization }) },
          { onSuccess: () => setName("") },
        );
      }}
    >
      <div className={styles.fields}>
        <TextInput
          label="What it is for"
          required
          maxLength={60}
          value={name}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <NumberInput label="Days" min={1} max={365} w={100} value={days} onChange={setDays} />
      </div>
      <Checkbox.Group
        label="It may"
        value={scopes}
        onChange={(values) => setScopes(values.map((value) => scopeSchema.parse(value)))}
      >
        <div className={styles.fields}>
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={scopeTitles[scope]} />
          ))}
        </div>
      </Checkbox.Group>
      <div>
        <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
          Make a key
        </Button>
      </div>
      <Trouble error={create.error} />
      {create.data !== undefined && (
        <SecretOnce what="the key" value={create.data.secret}>
          Keep this key where nobody else reads it. It is not shown again.
        </SecretOnce>
      )}
    </form>
  );
}
