import { Select, Switch, TextInput } from "@mantine/core";
import { countryCodes, currencyCodes } from "../../../../automation-api/contract/choices.ts";
import { HOME } from "../../../../automation-api/contract/cluster.ts";
import type { Platform } from "../../../../automation-api/contract/platform.ts";
import { countryTitle, currencyTitle } from "../../components/words.ts";
import styles from "./create-store.module.css";
import type { Form } from "./name-field.tsx";

const currencies = currencyCodes.map((code) => ({ value: code, label: currencyTitle(code) }));
const countries = countryCodes
  .map((code) => ({ value: code, label: countryTitle(code) }))
  .sort((one, other) => one.label.localeCompare(other.label, "en"));

export function SellingFields({ form }: { form: Form }) {
  return (
    <div className={styles.stack}>
      <div className={styles.pair}>
        <Select
          {...form.getInputProps("currency")}
          label="Currency"
          data={currencies}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such currency"
        />
        <Select
          {...form.getInputProps("country")}
          label="Country"
          description="Where the store ships to and pays tax."
          data={countries}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such country"
          inputWrapperOrder={["label", "input", "description", "error"]}
        />
      </div>
      <Switch
        {...form.getInputProps("sampleData", { type: "checkbox" })}
        label="Begin with sample products"
        description="Eight products to look around with. You can delete them in the admin panel."
      />
    </div>
  );
}

/** Where it is to run; shown where there is something to choose. */
export function ClusterField({ form, platform }: { form: Form; platform: Platform }) {
  const taking = platform.clusters.filter(({ takes }) => takes);
  const data = taking.map(({ name, description }) => ({
    value: name,
    label: description === "" ? name : `${name} · ${description}`,
  }));
  const { value, ...props } = form.getInputProps("cluster");
  return (
    <Select
      {...props}
      value={value === "" ? HOME : value}
      label="Cluster"
      description="It stays there for its life."
      data={data}
      allowDeselect={false}
    />
  );
}

export function AdminFields({ form }: { form: Form }) {
  return (
    <div className={styles.pair}>
      <TextInput
        {...form.getInputProps("adminEmail")}
        type="email"
        label="Admin e-mail"
        description="With what you sign in to the store's admin panel."
        placeholder="admin@example.com"
        autoComplete="email"
      />
      <TextInput
        {...form.getInputProps("domain")}
        label="Domain of its own"
        description="Optional: a host name that leads to the cluster."
        placeholder="shop.example.com"
        autoCapitalize="none"
        spellCheck={false}
      />
    </div>
  );
}
