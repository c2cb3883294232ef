import { Skeleton, Tabs } from "@mantine/core";
import { IconBinaryTree, IconList } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { StackResource } from "../../../../automation-api/contract/store.ts";
import { load } from "../../app/load.ts";
import { Card } from "../../components/card.tsx";
import { kindOf, listed } from "./resources.ts";
import styles from "./store.module.css";

const ResourceGraph = lazy(async () => ({ default: (await load(() => import("./resource-graph.tsx"))).ResourceGraph }));

interface ResourcesCardProps {
  resources: readonly StackResource[];
  /** Whether an operation goes on that may bring some. */
  live: boolean;
}

export function ResourcesCard({ resources, live }: ResourcesCardProps) {
  return (
    <Card
      title="Resources"
      note={resources.length === 0 ? undefined : `${resources.length} in the store's Pulumi stack.`}
    >
      {resources.length === 0 ? (
        <p className={styles.dim}>
          {live ? "They are here once the operation has ended." : "The stack holds no resources."}
        </p>
      ) : (
        <Tabs defaultValue="list" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="list" leftSection={<IconList size={17} aria-hidden />}>
              List
            </Tabs.Tab>
            <Tabs.Tab value="graph" leftSection={<IconBinaryTree size={17} aria-hidden />}>
              Graph
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="list">
            <ResourceList resources={resources} />
          </Tabs.Panel>
          <Tabs.Panel value="graph">
            <Suspense fallback={<Skeleton className={styles.graph ?? ""} />}>
              <ResourceGraph resources={resources} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      )}
    </Card>
  );
}

function ResourceList({ resources }: { resources: readonly StackResource[] }) {
  return (
    <ul>
      {listed(resources).map(({ resource, depth }) => (
        <li key={resource.urn} className={styles.resource} style={{ paddingInlineStart: `${depth * 1.125}rem` }}>
          <span className={styles.resourceName}>{resource.name}</span>
          <span className={styles.resourceType} title={resource.type}>
            {kindOf(resource.type)}
          </span>
        </li>
      ))}
    </ul>
  );
}
