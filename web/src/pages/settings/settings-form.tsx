import { Button, Checkbox, NativeSelect, NumberInput } from "@mantine/core";
import { useMutation, useMutationState, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeSettingsSchema, type Settings } from "../../../../automation-api/contract/settings.ts";
import { SIGN_UP_MODES, type SignUpMode, signUpModeSchema } from "../../../../automation-api/contract/sign-in.ts";
import { changeSettingsMutation } from "../../api/settings.ts";
import styles from "../../components/rows.module.css";
import { errorIn } from "../../components/text-fields.tsx";
import { Trouble } from "../../components/trouble.tsx";

const plans = changeSettingsSchema.shape.plans.element.options;

const signUpTitles: Readonly<Record<SignUpMode, string>> = {
  open: "everybody",
  invitation: "whoever has an invitation",
  off: "nobody",
};

const fields = [
  { key: "storesPerOrganization", label: "Stores of one organization, at most" },
  { key: "operationsPerOrganization", label: "Operations of one organization under way, at most" },
  { key: "slotsPerOrganization", label: "Operations of one organization that run at the same time, at most" },
  { key: "createsPerMinute", label: "New stores a minute, for each person" },
  { key: "changesPerMinute", label: "Requests that change something a minute, for each person" },
  { key: "signInsPerMinute", label: "Attempts to sign in a minute, from each network address" },
  { key: "signInsPerPerson", label: "Attempts to sign in within 15 minutes, for each e-mail address" },
] as const;

export function SettingsForm({ settings, tag }: { settings: Settings; tag: string }) {
  const mutationKey = ["change settings"];
  const change = useMutation({ ...changeSettingsMutation(useQueryClient()), mutationKey });
  // The form begins anew with what was saved; that it was is said by the one behind it.
  const saved = useMutationState({ filters: { mutationKey, status: "success" } }).length > 0;
  const [wanted, setWanted] = useState<Settings>(settings);
  const errorOf = (field: string) => errorIn(change.error, field);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ settings: wanted, tag });
      }}
    >
      <NativeSelect
        label="Who may become a new person here"
        value={wanted.signUp}
        data={SIGN_UP_MODES.map((value) => ({ value, label: signUpTitles[value] }))}
        onChange={({ currentTarget: { value } }) => setWanted({ ...wanted, signUp: signUpModeSchema.parse(value) })}
      />
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
      <Checkbox
        label="Webhooks may lead to private addresses and over plain HTTP"
        checked={wanted.webhooksToPrivateAddresses}
        onChange={({ currentTarget: { checked } }) => setWanted({ ...wanted, webhooksToPrivateAddresses: checked })}
      />
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
