import type { z } from "zod";
import { HOME } from "../contract/cluster.ts";
import type { Page } from "../contract/page.ts";
import type { Store, StoreSummary, storeQuerySchema } from "../contract/store.ts";
import { findCluster } from "../database/cluster-repository.ts";
import type { Connection } from "../database/connection.ts";
import { newestOperations } from "../database/operation-reads-repository.ts";
import type { Reach } from "../database/organization-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { listStores, type StoreSortField } from "../database/store-repository.ts";
import { requireStore } from "./accept.ts";
import { toStore, toStoreSummary } from "./answers.ts";
import { readPage } from "./cursor.ts";

type Query = z.output<typeof storeQuerySchema>;

/** The words of the contract → a field and a direction. */
const sorts: Readonly<Record<Query["sort"], { field: StoreSortField; descending: boolean }>> = {
  name: { field: "name", descending: false },
  "-name": { field: "name", descending: true },
  createdAt: { field: "createdAt", descending: false },
  "-createdAt": { field: "createdAt", descending: true },
  status: { field: "status", descending: false },
  "-status": { field: "status", descending: true },
};

/** One page of stores. Throws a DomainError for a cursor that is not one of this order. */
export async function readStores({ database }: Connection, reach: Reach, query: Query): Promise<Page<StoreSummary>> {
  const { status, engine, plan, search } = query;
  const sort = sorts[query.sort];
  const find = (page: PageOfRows) => listStores(database, { reach, status, engine, plan, search, sort }, page);
  const { rows, next } = await readPage(query.sort, sort.field === "createdAt" ? "time" : "text", query, find);
  const newest = await newestOperations(
    database,
    rows.map(({ id }) => id),
  );
  const items = rows.flatMap((row) => {
    const operation = newest.get(row.id);
    return operation === undefined ? [] : [toStoreSummary(row, operation)];
  });
  return { items, ...next };
}

/** A living store with everything about it. Throws a DomainError when there is none of this name. */
export async function readStore(
  { database }: Connection,
  reach: Reach,
  name: string,
  inspect: (name: string, elsewhere: { cluster: string; context: string } | undefined) => readonly string[],
): Promise<Store> {
  const store = await requireStore(database, name, reach);
  const newest = (await newestOperations(database, [store.id])).get(store.id);
  if (newest === undefined) throw new Error(`The store "${name}" has no operation.`);
  const { cluster } = store;
  const row = cluster === HOME ? undefined : await findCluster(database, cluster);
  return toStore(store, newest, inspect(name, row && { cluster, context: row.context }));
}
