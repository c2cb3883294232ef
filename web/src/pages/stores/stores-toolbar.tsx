import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { STORE_SORTS, STORE_STATUSES, storeQuerySchema } from "../../../../automation-api/contract/store.ts";
import { platformQuery } from "../../api/platform.ts";
import { parseStoresSearch, type StoresSearch } from "../../app/stores-search.ts";
import { storeLooks } from "../../components/status.ts";
import { engineTitle, planTitles } from "../../components/words.ts";
import styles from "./stores.module.css";

type Changed = { [Key in keyof StoresSearch]: StoresSearch[Key] | undefined };

interface StoresToolbarProps {
  search: StoresSearch;
  onChange: (changed: Changed) => void;
}

const statuses = [
  { value: "provisioning,updating,deleting", label: "In progress" },
  ...STORE_STATUSES.map((status) => ({ value: status, label: storeLooks[status].word })),
];

const sortTitles: Readonly<Record<(typeof STORE_SORTS)[number], string>> = {
  "-createdAt": "Newest first",
  createdAt: "Oldest first",
  name: "Name, A to Z",
  "-name": "Name, Z to A",
  status: "Status, A to Z",
  "-status": "Status, Z to A",
};
const sorts = STORE_SORTS.map((sort) => ({ value: sort, label: sortTitles[sort] }));
const plans = storeQuerySchema.shape.plan.unwrap().options.map((plan) => ({ value: plan, label: planTitles[plan] }));

export function StoresToolbar({ search, onChange }: StoresToolbarProps) {
  const { data: platform } = useQuery(platformQuery);
  const engines = storeQuerySchema.shape.engine.unwrap().options;
  const choose = (key: keyof StoresSearch) => (value: string | null) =>
    onChange({ [key]: parseStoresSearch({ [key]: value ?? undefined })[key] });
  return (
    <search className={styles.toolbar}>
      <SearchBox text={search.search ?? ""} onChange={(text) => onChange({ search: text || undefined })} />
      <Select
        aria-label="Status"
        placeholder="Every status"
        data={statuses}
        value={search.status ?? null}
        onChange={choose("status")}
        clearable
      />
      <Select
        aria-label="Engine"
        placeholder="Every engine"
        data={engines.map((engine) => ({ value: engine, label: engineTitle(platform, engine) }))}
        value={search.engine ?? null}
        onChange={choose("engine")}
        clearable
      />
      <Select
        aria-label="Plan"
        placeholder="Every plan"
        data={plans}
        value={search.plan ?? null}
        onChange={choose("plan")}
        clearable
      />
      <Select
        className={styles.sortChoice ?? ""}
        aria-label="Order"
        data={sorts}
        value={search.sort ?? "-createdAt"}
        onChange={choose("sort")}
        allowDeselect={false}
      />
    </search>
  );
}

/** What is typed is shown at once and looked for a moment later. */
function SearchBox({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  const search = useDebouncedCallback(onChange, 250);
  if (seen !== text) {
    // The address changed by another hand, such as “Show all stores”.
    setSeen(text);
    if (typed.trim() !== text) setTyped(text);
  }
  return (
    <TextInput
      type="search"
      aria-label="Search by name"
      placeholder="Search by name"
      leftSection={<IconSearch size={17} aria-hidden />}
      value={typed}
      maxLength={100}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        search(value.trim());
      }}
    />
  );
}
