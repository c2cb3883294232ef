import { PasswordInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { PASSWORD_LENGTH } from "../../../automation-api/contract/sign-in.ts";
import { ProblemError } from "../api/errors.ts";

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with it. */
  error?: ReactNode;
}

/** What the service found wrong with a field. */
export function errorIn(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return error.problem.errors?.find((each) => each.field === field)?.message;
}

export function NameField({ value, onChange, error }: FieldProps) {
  return (
    <TextInput
      label="Your name"
      required
      maxLength={60}
      autoComplete="name"
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

export function EmailField({ value, onChange, error }: FieldProps) {
  return (
    <TextInput
      label="E-mail address"
      type="email"
      required
      maxLength={254}
      autoComplete="username"
      autoCapitalize="none"
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** `isNew`: one that is being chosen; browsers then offer to make one up. */
export function PasswordField({
  label = "Password",
  isNew = false,
  value,
  onChange,
  error,
}: FieldProps & { label?: string; isNew?: boolean }) {
  return (
    <PasswordInput
      label={label}
      required
      {...(isNew && { minLength: PASSWORD_LENGTH.least, description: `At least ${PASSWORD_LENGTH.least} characters.` })}
      maxLength={PASSWORD_LENGTH.most}
      autoComplete={isNew ? "new-password" : "current-password"}
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
