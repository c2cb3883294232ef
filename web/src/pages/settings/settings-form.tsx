import { Button, Checkbox, NumberInput } from "@mantine/core";
import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeSettingsSchema, type Settings } from "../../../../automation-api/contract/settings.ts";
import { ProblemError } from "../../api/errors.ts";
import { changeSettingsMutation } from "../../api/settings.ts";
import styles from "../../components/rows.module.css";
import { Trouble } from "../../components/trouble.tsx";

const plans = changeSettingsSchema.shape.plans.element.options;

const fields = [
  { key: "storesPerOrganization", label: "Stores of one organization, at most" },
  { key: "operationsPerOrganization", label: "Operations of one organization under way, at most" },
  { key: "slotsPerOrganization", label: "Operations of one organization that run at the same time, at most" },
  { key: "createsPerMinute", label: "New stores a minute, for each person" },
  { key: "changesPerMinute", label: "Requests that change something a minute, for each person" },
  { key: "signInsPerMinute", label: "Attempts to sign in a minute, from each address" },
] as const;

export function SettingsForm({ settings, tag }: { settings: Settings; tag: string }) {
  const mutationKey = ["change settings"];
  const change = useMutation({ ...changeSettingsMutation(useQueryClient()), mutationKey });
  // The form begins anew with what was saved; that it was is said by the one behind it.
  const saved = useMutationState({ filters: { mutationKey, status: "success" } }).length > 0;
  const [wanted, setWanted] = useState<Settings>(settings);
  const errors = change.error instanceof ProblemError ? (change.error.problem.errors ?? []) : [];
  const errorOf = (field: string) => errors.find((error) => error.field === field)?.message;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ settings: wanted, tag });
      }}
    >
      {fields.map(({ key, label }) => (
        <NumberInput
          key={key}
          label={label}
          min={0}
          allowDecimal={false}
          value={wanted[key]}
          error={errorOf(key)}
          onChange={(value) => setWanted({ ...wanted, [key]: Number(value) })}
        />
      ))}
      <Checkbox.Group
        label="Plans that are offered"
        value={wanted.plans}
        error={errorOf("plans")}
        onChange={(values) => setWanted({ ...wanted, plans: plans.filter((plan) => values.includes(plan)) })}
      >
        <div className={styles.fields}>
          {plans.map((plan) => (
            <Checkbox key={plan} value={plan} label={plan} />
          ))}
        </div>
      </Checkbox.Group>
      <div>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
      <Trouble error={change.error} />
      <p role="status">{saved && !change.isPending && change.error === null ? "Saved." : ""}</p>
    </form>
  );
}
