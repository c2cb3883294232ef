import { Button } from "@mantine/core";
import { IconBuildingStore, IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StoreSummary } from "../../../../automation-api/contract/store.ts";
import { storesQuery } from "../../api/list-stores.ts";
import { itemsOf } from "../../api/pages.ts";
import { filterOf, type StoresSearch, withoutNothing } from "../../app/stores-search.ts";
import { Empty, Failed, Loading } from "../../components/faces.tsx";
import { ButtonLink } from "../../components/links.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "./stores.module.css";
import { StoresTable } from "./stores-table.tsx";
import { StoresToolbar } from "./stores-toolbar.tsx";

export function StoresPage() {
  const search = useSearch({ from: "/shell/stores" });
  const navigate = useNavigate();
  const change = (changed: { [Key in keyof StoresSearch]: StoresSearch[Key] | undefined }) =>
    void navigate({ to: "/stores", search: withoutNothing({ ...search, ...changed }), replace: true });
  return (
    <>
      <PageHeader title="Stores" note="Everything that sells, is being set up, or needs a look." />
      <StoresToolbar search={search} onChange={change} />
      <StoresList search={search} onChange={change} />
    </>
  );
}

interface StoresListProps {
  search: StoresSearch;
  onChange: (changed: { [Key in keyof StoresSearch]: StoresSearch[Key] | undefined }) => void;
}

function StoresList({ search, onChange }: StoresListProps) {
  const query = useInfiniteQuery(storesQuery(filterOf(search)));
  if (query.isPending) return <Loading what="the stores" lines={5} height={72} />;
  if (query.data === undefined) {
    return (
      <Failed
        title="The stores could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        retrying={query.isFetching}
      />
    );
  }
  const stores = itemsOf(query.data);
  if (stores.length === 0) return <NoStores search={search} onChange={onChange} />;
  return (
    <>
      <div className={`${styles.frame} ${query.isPlaceholderData ? styles.fetching : ""}`}>
        <StoresTable stores={stores} sort={search.sort ?? "-createdAt"} onSort={(sort) => onChange({ sort })} />
      </div>
      <More
        stores={stores}
        more={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
      />
    </>
  );
}

function NoStores({ search, onChange }: StoresListProps) {
  const { status, engine, plan, search: text } = search;
  if ([status, engine, plan, text].every((filter) => filter === undefined)) {
    return (
      <Empty
        icon={IconBuildingStore}
        title="No stores yet"
        action={
          <ButtonLink to="/create" size="md">
            Create store
          </ButtonLink>
        }
      >
        A store is a storefront, an admin panel and a database of its own. The first one takes about a minute.
      </Empty>
    );
  }
  const clear = () => onChange({ status: undefined, engine: undefined, plan: undefined, search: undefined });
  return (
    <Empty
      icon={IconSearchOff}
      title="No store matches"
      action={
        <Button variant="light" onClick={clear}>
          Show all stores
        </Button>
      }
    >
      Nothing fits what you are looking for. Try fewer letters or another filter.
    </Empty>
  );
}

interface MoreProps {
  stores: readonly StoreSummary[];
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

function More({ stores, more, loading, onMore }: MoreProps) {
  return (
    <div className={styles.more}>
      <p role="status">
        {stores.length === 1 ? "One store" : `${stores.length} stores`}
        {more ? " shown" : ""}
      </p>
      {more && (
        <Button variant="default" onClick={onMore} loading={loading}>
          Show more stores
        </Button>
      )}
    </div>
  );
}
