import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import styles from "./centered.module.css";
import { EmailField, errorIn, NameField, PasswordField } from "./text-fields.tsx";
import { Trouble } from "./trouble.tsx";

export interface PersonValues {
  /** Empty for somebody who is known. */
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

interface PersonFormProps {
  /** Whether somebody says for the first time who they are: then a name is asked for, and the password is chosen. */
  isNew: boolean;
  /** What the button says. */
  submit: string;
  pending: boolean;
  error: unknown;
  /** What is said instead of the error. */
  trouble?: ReactNode;
  disabled?: boolean;
  onSubmit: (values: PersonValues) => void;
}

/** E-mail address and password; and a name for somebody new. */
export function PersonForm({ isNew, submit, pending, error, trouble, disabled = false, onSubmit }: PersonFormProps) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ name: name.trim(), email, password });
      }}
    >
      {isNew && <NameField value={name} onChange={setName} error={errorIn(error, "name")} />}
      <EmailField value={email} onChange={setEmail} error={errorIn(error, "email")} />
      <PasswordField isNew={isNew} value={password} onChange={setPassword} error={errorIn(error, "password")} />
      <Button type="submit" loading={pending} disabled={disabled}>
        {submit}
      </Button>
      {trouble ?? <Trouble error={error} />}
    </form>
  );
}
