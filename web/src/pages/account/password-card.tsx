import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Account } from "../../../../automation-api/contract/sign-in.ts";
import { changePasswordMutation } from "../../api/account.ts";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { errorIn, PasswordField } from "../../components/text-fields.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function PasswordCard({ account }: { account: Account }) {
  const { email, hasPassword, asksForPassword } = account;
  const change = useMutation(changePasswordMutation(useQueryClient()));
  const [password, setPassword] = useState("");
  const [currentPassword, setCurrentPassword] = useState("");
  const note = hasPassword ? "Setting another one signs you out everywhere else." : "You have none yet.";
  if (email === undefined) {
    return (
      <Card title="Password" note={note}>
        <p className={styles.dim}>Save an e-mail address first: it is what you sign in with, beside the password.</p>
      </Card>
    );
  }
  return (
    <Card title="Password" note={note}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const body = { password, ...(asksForPassword && { currentPassword }) };
          change.mutate(body, {
            onSuccess: () => {
              setPassword("");
              setCurrentPassword("");
            },
          });
        }}
      >
        {asksForPassword && (
          <PasswordField
            label="Present password"
            value={currentPassword}
            onChange={setCurrentPassword}
            error={errorIn(change.error, "currentPassword")}
          />
        )}
        <PasswordField
          isNew
          label="New password"
          value={password}
          onChange={setPassword}
          error={errorIn(change.error, "password")}
        />
        <div>
          <Button type="submit" loading={change.isPending}>
            Set the password
          </Button>
        </div>
        <Trouble error={change.error} />
        <p role="status">{change.isSuccess ? "The password is set." : ""}</p>
      </form>
    </Card>
  );
}
