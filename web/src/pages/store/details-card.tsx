import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { platformQuery } from "../../api/platform.ts";
import { Card } from "../../components/card.tsx";
import { formatDateTime } from "../../components/format.ts";
import { countryTitle, currencyTitle, engineTitle, planTitles } from "../../components/words.ts";
import styles from "./store.module.css";

export function DetailsCard({ store }: { store: Store }) {
  const { data: platform } = useQuery(platformQuery);
  const { spec } = store;
  return (
    <Card title="Details">
      <dl className={styles.facts}>
        <Fact name="Name">{store.name}</Fact>
        <Fact name="Engine">{engineTitle(platform, store.engine)}</Fact>
        <Fact name="Plan">{planTitles[store.plan]}</Fact>
        <Fact name="Currency">{currencyTitle(spec.currency)}</Fact>
        <Fact name="Country">{countryTitle(spec.country)}</Fact>
        <Fact name="Sample data">{spec.sampleData ? "Yes" : "No"}</Fact>
        {spec.domain !== undefined && <Fact name="Domain">{spec.domain}</Fact>}
        <Fact name="Cluster">{store.cluster}</Fact>
        <Fact name="Namespace">
          <code>{store.namespace}</code>
        </Fact>
        <Fact name="Created">
          <time dateTime={store.createdAt}>{formatDateTime(store.createdAt)}</time>
        </Fact>
      </dl>
    </Card>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
