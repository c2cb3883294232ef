import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Passkey } from "../../../../automation-api/contract/sign-in.ts";
import { addPasskeyMutation, removePasskeyMutation } from "../../api/account.ts";
import { knowsPasskeys } from "../../api/passkeys.ts";
import { Ago } from "../../components/ago.tsx";
import { Card } from "../../components/card.tsx";
import { ConfirmedRowButton } from "../../components/confirmed-row-button.tsx";
import styles from "../../components/rows.module.css";
import { Rows } from "../../components/rows.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function PasskeysCard({ passkeys }: { passkeys: readonly Passkey[] }) {
  const remove = useMutation(removePasskeyMutation(useQueryClient()));
  return (
    <Card title="Passkeys" note="Your device, or a key you plug in, says who you are; nothing to remember.">
      <div className={styles.stack}>
        {knowsPasskeys() ? (
          <AddPasskeyForm />
        ) : (
          <p className={styles.dim}>This browser has no passkeys for this address.</p>
        )}
        <Rows
          label="Passkeys"
          header={["Name", "Since", "Change"]}
          empty="You have no passkey."
          rows={passkeys.map(({ id, name, createdAt }) => ({
            key: id,
            cells: [
              name,
              <Ago key="since" at={createdAt} />,
              <ConfirmedRowButton
                key="remove"
                action="Remove"
                label={`Remove ${name}`}
                loading={remove.isPending && remove.variables === id}
                onConfirm={() => remove.mutate(id)}
              >
                It lets you in no longer. Your device may still offer it.
              </ConfirmedRowButton>,
            ],
          }))}
        />
        <Trouble error={remove.error} />
      </div>
    </Card>
  );
}

function AddPasskeyForm() {
  const add = useMutation(addPasskeyMutation(useQueryClient()));
  const [name, setName] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(name.trim(), { onSuccess: () => setName("") });
      }}
    >
      <div className={styles.fields}>
        <TextInput
          label="What it is on"
          placeholder="My laptop"
          required
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Button type="submit" loading={add.isPending}>
          Add a passkey
        </Button>
      </div>
      <Trouble error={add.error} />
    </form>
  );
}
