import { Button, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Cluster, ClusterTest } from "../../../../automation-api/contract/cluster.ts";
import { drainClusterMutation, removeClusterMutation, testClusterMutation } from "../../api/clusters.ts";
import { Ago } from "../../components/ago.tsx";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import styles from "../../components/rows.module.css";
import tones from "../../components/tone.module.css";
import { Trouble } from "../../components/trouble.tsx";

export function ClusterCard({ cluster }: { cluster: Cluster }) {
  const { name, description, server, state, stores, version } = cluster;
  const drain = useMutation(drainClusterMutation(useQueryClient()));
  return (
    <Card
      title={name}
      note={<span className={styles.wide}>{description === "" ? server : `${description} · ${server}`}</span>}
      actions={
        <Switch
          label="Takes new stores"
          aria-label={`Takes new stores: ${name}`}
          checked={state === "active"}
          disabled={drain.isPending}
          onChange={({ currentTarget: { checked } }) =>
            drain.mutate({ name, version, state: checked ? "active" : "draining" })
          }
        />
      }
    >
      <div className={styles.stack}>
        <p className={styles.dim}>{runsHere(stores)}</p>
        <Condition cluster={cluster} />
        <Controls cluster={cluster} />
        <Trouble error={drain.error} />
      </div>
    </Card>
  );
}

function runsHere(stores: number): string {
  if (stores === 0) return "No store runs here.";
  return stores === 1 ? "One store runs here." : `${stores} stores run here.`;
}

function Condition({ cluster: { awaySince, trouble, seenAt, serverVersion } }: { cluster: Cluster }) {
  if (awaySince !== undefined) {
    return (
      <p className={tones.bad}>
        {trouble} It does not answer since <Ago at={awaySince} />; what is to be done there waits.
      </p>
    );
  }
  if (seenAt === undefined) return <p className={styles.dim}>It was not asked anything yet.</p>;
  return (
    <p className={styles.dim}>
      Kubernetes {serverVersion}, seen <Ago at={seenAt} />
    </p>
  );
}

function Controls({ cluster: { name, stores } }: { cluster: Cluster }) {
  const client = useQueryClient();
  const test = useMutation(testClusterMutation(client));
  const remove = useMutation(removeClusterMutation(client));
  return (
    <>
      <div className={styles.fields}>
        <Button variant="light" aria-label={`Test ${name}`} loading={test.isPending} onClick={() => test.mutate(name)}>
          Test
        </Button>
        <Confirm
          title={`Remove the cluster ${name}?`}
          action="Remove"
          onConfirm={() => remove.mutate(name)}
          asks={(ask) => (
            <Button
              variant="subtle"
              color="red"
              aria-label={`Remove ${name}`}
              disabled={stores > 0}
              loading={remove.isPending}
              onClick={ask}
            >
              Remove
            </Button>
          )}
        >
          It is forgotten, and how it is reached. Nothing in the cluster itself is changed.
        </Confirm>
      </div>
      <div role="status">{test.data !== undefined && !test.isPending && <Found test={test.data} />}</div>
      <Trouble error={test.error ?? remove.error} />
    </>
  );
}

function Found({ test: { reachable, serverVersion, trouble, missing } }: { test: ClusterTest }) {
  if (!reachable) return <p className={tones.bad}>{trouble}</p>;
  if (missing.length === 0) return <p>It answers as Kubernetes {serverVersion}, and nothing is missing.</p>;
  return (
    <>
      <p>It answers as Kubernetes {serverVersion}, but:</p>
      <ul>
        {missing.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}
