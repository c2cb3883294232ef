import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeAccountMutation, type SeenAccount } from "../../api/account.ts";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { EmailField, errorIn, NameField, PasswordField } from "../../components/text-fields.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function PersonCard({ account }: { account: SeenAccount }) {
  const change = useMutation(changeAccountMutation(useQueryClient()));
  // Of what the form began with: what somebody changed meanwhile is not overwritten.
  const [tag, setTag] = useState(account.tag);
  const [name, setName] = useState(account.name);
  const [email, setEmail] = useState(account.email ?? "");
  const [currentPassword, setCurrentPassword] = useState("");
  const isOtherEmail = email !== (account.email ?? "");
  const asks = isOtherEmail && account.asksForPassword;
  return (
    <Card title="You" note="Others in your organizations see your name; only administrators see your address.">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const body = { name, ...(isOtherEmail && { email }), ...(asks && { currentPassword }) };
          change.mutate({ body, tag }, { onSuccess: (saved) => setTag(saved.tag) });
        }}
      >
        <NameField value={name} onChange={setName} error={errorIn(change.error, "name")} />
        <EmailField value={email} onChange={setEmail} error={errorIn(change.error, "email")} />
        {asks && (
          <PasswordField
            label="Present password"
            value={currentPassword}
            onChange={setCurrentPassword}
            error={errorIn(change.error, "currentPassword")}
          />
        )}
        <div>
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </div>
        <Trouble error={change.error} />
      </form>
    </Card>
  );
}
