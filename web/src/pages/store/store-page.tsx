import { Button } from "@mantine/core";
import { IconArrowLeft, IconExternalLink, IconMapSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { isNotFound } from "../../api/errors.ts";
import { storeQuery } from "../../api/get-store.ts";
import { Empty, Failed, Loading } from "../../components/faces.tsx";
import { ButtonLink } from "../../components/links.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { StoreBadge } from "../../components/status-badge.tsx";
import tones from "../../components/tone.module.css";
import styles from "./store.module.css";
import { StoreContent } from "./store-content.tsx";

export function StorePage() {
  const { name } = useParams({ from: "/shell/stores/$name" });
  // A store that is left for another one takes everything that was opened on its page along.
  return <StoreView key={name} name={name} />;
}

function StoreView({ name }: { name: string }) {
  const { data: store, error, isPending, isFetching, refetch } = useQuery(storeQuery(name));
  const gone = isNotFound(error);
  return (
    <>
      <PageHeader
        title={store?.displayName ?? name}
        tab={store?.displayName ?? name}
        above={
          <Link to="/stores" className={styles.back}>
            <IconArrowLeft size={17} aria-hidden />
            Stores
          </Link>
        }
        note={store !== undefined && !gone && <Line store={store} />}
        actions={store !== undefined && !gone && <Visit store={store} />}
      />
      {isPending && <Loading what={`the store ${name}`} lines={3} height={160} />}
      {gone && <Gone name={name} known={store !== undefined} />}
      {!gone && store === undefined && error !== null && (
        <Failed title="The store could not be loaded" error={error} onRetry={refetch} retrying={isFetching} />
      )}
      {!gone && store !== undefined && <StoreContent store={store} />}
    </>
  );
}

function Line({ store: { name, status, url, clusterAway } }: { store: Store }) {
  return (
    <div className={styles.line}>
      <StoreBadge status={status} />
      <span>{url?.replace(/^https?:\/\//, "") ?? name}</span>
      {clusterAway !== undefined && <span className={tones.bad}>{clusterAway}</span>}
    </div>
  );
}

/** Only a store that is ready is worth a visit. */
function Visit({ store: { status, url, adminUrl } }: { store: Store }) {
  if (status !== "ready") return null;
  return (
    <>
      {adminUrl !== undefined && (
        <Button
          component="a"
          href={adminUrl}
          target="_blank"
          rel="noreferrer"
          variant="default"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          Open admin panel
        </Button>
      )}
      {url !== undefined && (
        <Button
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          Open storefront
        </Button>
      )}
    </>
  );
}

function Gone({ name, known }: { name: string; known: boolean }) {
  return (
    <Empty
      icon={IconMapSearch}
      title={known ? "This store is gone" : `There is no store called “${name}”`}
      action={<ButtonLink to="/stores">Show the stores</ButtonLink>}
    >
      {known
        ? "It was deleted with everything that belonged to it. Its name is free again."
        : "It may have been deleted, or its name is spelled differently."}
    </Empty>
  );
}
