import { type Icon, IconBox, IconCloud, IconDatabase, IconProgress, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Platform } from "../../../../automation-api/contract/platform.ts";
import { platformQuery } from "../../api/platform.ts";
import { Card } from "../../components/card.tsx";
import { Failed, Loading } from "../../components/faces.tsx";
import styles from "./overview.module.css";

/** What the machine uses to run stores. */
export function PlatformCard() {
  const { data, error, isPending, isFetching, refetch } = useQuery(platformQuery);
  return (
    <Card title="In use" note="What runs your stores.">
      {isPending && <Loading what="what is in use" lines={4} height={44} />}
      {data === undefined && error !== null && (
        <Failed title="This could not be loaded" error={error} onRetry={refetch} retrying={isFetching} />
      )}
      {data !== undefined && <Facts platform={data} />}
    </Card>
  );
}

function Facts({ platform: { cluster, pulumi, database, concurrency } }: { platform: Platform }) {
  return (
    <dl className={styles.facts}>
      <Fact icon={IconBox} title={cluster.version === undefined ? "Cluster" : `Kubernetes ${cluster.version}`}>
        {sentence(cluster.description)}
        {!cluster.reachable && <strong> It does not answer at the moment.</strong>}
      </Fact>
      <Fact icon={IconStack2} title={`Pulumi ${pulumi.version}`}>
        {sentence(pulumi.description)}
      </Fact>
      <Fact icon={IconCloud} title="State">
        {pulumi.backend}
      </Fact>
      <Fact icon={IconDatabase} title="Database">
        {sentence(database.description)}
      </Fact>
      <Fact icon={IconProgress} title="Operations">
        Up to {concurrency} at the same time.
      </Fact>
    </dl>
  );
}

/** The service tells what is in use in a few words; here they stand alone. */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, "")}.`;
}

function Fact({ icon: Picture, title, children }: { icon: Icon; title: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>
        <span className={styles.factIcon} aria-hidden>
          <Picture size={19} stroke={1.7} />
        </span>
        {title}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
