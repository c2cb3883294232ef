import { TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { type Icon, IconAlertTriangle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { longestDisplayName, longestName } from "../../../../automation-api/contract/choices.ts";
import { nameCheckQuery } from "../../api/names.ts";
import type { Tone } from "../../components/status.ts";
import tones from "../../components/tone.module.css";
import styles from "./create-store.module.css";
import { check, emptyForm, type FormValues, tidyName } from "./form.ts";

export type Form = UseFormReturnType<FormValues>;

export function NameField({ form }: { form: Form }) {
  const { onChange, ...name } = form.getInputProps("name");
  return (
    <div className={styles.pair}>
      <div>
        <TextInput
          {...name}
          key={form.key("name")}
          label="Name"
          description="Part of the store's address. It cannot be changed later."
          placeholder="corner-shop"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={longestName + 20}
          onChange={({ currentTarget: { value } }) => onChange(tidyName(value))}
        />
        <NameCheck name={form.values.name} invalid={name.error !== undefined && name.error !== null} />
      </div>
      <TextInput
        {...form.getInputProps("displayName")}
        key={form.key("displayName")}
        label="Display name"
        description="What customers read. The name, if left empty."
        placeholder="The Corner Shop"
        maxLength={longestDisplayName + 20}
      />
    </div>
  );
}

interface Verdict {
  readonly text: string;
  readonly tone: Tone;
  readonly icon: Icon;
}

/** Says while typing whether the name is free. `invalid`: the field itself says what is wrong. */
function NameCheck({ name, invalid }: { name: string; invalid: boolean }) {
  const [settled] = useDebouncedValue(name, 300);
  const wellFormed = settled !== "" && check({ ...emptyForm, name: settled }).errors.name === undefined;
  const { data, isFetching } = useQuery({ ...nameCheckQuery(settled), enabled: wellFormed });
  const current = settled === name && wellFormed && !invalid;
  const verdict = !current || name === "" ? undefined : verdictOf(data, isFetching);
  return (
    <p role="status" className={`${styles.check} ${verdict === undefined ? "" : tones[verdict.tone]}`}>
      {verdict !== undefined && (
        <>
          <verdict.icon size={16} aria-hidden />
          {verdict.text}
        </>
      )}
    </p>
  );
}

function verdictOf(
  answer: { available: boolean; reason?: string | undefined } | undefined,
  asking: boolean,
): Verdict | undefined {
  if (answer === undefined) return asking ? { text: "Checking…", tone: "quiet", icon: IconLoader2 } : undefined;
  if (answer.available) return { text: "This name is free.", tone: "good", icon: IconCircleCheck };
  return { text: answer.reason ?? "This name is taken.", tone: "bad", icon: IconAlertTriangle };
}
