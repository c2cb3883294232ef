import { IconBuildingStore } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Overview } from "../../../../automation-api/contract/platform.ts";
import { overviewQuery } from "../../api/overview.ts";
import { Card } from "../../components/card.tsx";
import { Empty, Failed, Loading } from "../../components/faces.tsx";
import { ButtonLink } from "../../components/links.tsx";
import { OperationList } from "../../components/operation-list.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { countsOf, summaryOf } from "./counts.ts";
import styles from "./overview.module.css";
import { PlatformCard } from "./platform-card.tsx";
import { Plots } from "./plots-card.tsx";
import { StoreTiles } from "./store-tiles.tsx";

export function OverviewPage() {
  const { data, error, isPending, isFetching, refetch } = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title="Overview" note={data === undefined ? "How your stores are doing." : summaryOf(data)} />
      <div className={styles.grid}>
        {isPending && <Loading what="the overview" lines={3} height={130} />}
        {data === undefined && error !== null && (
          <Failed title="The overview could not be loaded" error={error} onRetry={refetch} retrying={isFetching} />
        )}
        {data !== undefined && <Content overview={data} />}
      </div>
    </>
  );
}

function Content({ overview }: { overview: Overview }) {
  if (overview.recent.length === 0 && countsOf(overview).all === 0) return <Begin />;
  return (
    <>
      <StoreTiles counts={countsOf(overview)} />
      <div className={styles.columns}>
        <Card title="Recent operations" note="What was done to your stores, newest first.">
          <OperationList operations={overview.recent} />
        </Card>
        <PlatformCard />
      </div>
      <Plots finished={overview.finished} />
    </>
  );
}

/** Before the first store. */
function Begin() {
  return (
    <>
      <Card title="Welcome">
        <Empty
          icon={IconBuildingStore}
          title="Open your first store"
          action={
            <ButtonLink to="/create" size="md">
              Create store
            </ButtonLink>
          }
        >
          Choose a name and a plan. A minute later you have a storefront that sells, an admin panel and your
          credentials.
        </Empty>
      </Card>
      <PlatformCard />
    </>
  );
}
