import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { clustersQuery } from "../../api/clusters.ts";
import { itemsOf } from "../../api/pages.ts";
import { platformQuery } from "../../api/platform.ts";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { ShowMore } from "../../components/show-more.tsx";
import { AddClusterCard } from "./add-cluster-card.tsx";
import { ClusterCard } from "./cluster-card.tsx";

/** Where stores can run. */
export function ClustersPage() {
  const query = useInfiniteQuery(clustersQuery);
  const { data: platform } = useQuery(platformQuery);
  return (
    <>
      <PageHeader title="Clusters" note="Where stores can run; only administrators of the platform see this page." />
      <div className={styles.stack}>
        <Card title="home" note={platform?.cluster.description}>
          <p className={styles.dim}>The cluster of the service's own configuration. It is always there.</p>
        </Card>
        <Answer query={query} what="the clusters">
          {(data) => itemsOf(data).map((cluster) => <ClusterCard key={cluster.name} cluster={cluster} />)}
        </Answer>
        <ShowMore query={query}>Show more clusters</ShowMore>
        <AddClusterCard />
      </div>
    </>
  );
}
