import type { Operation, OperationsQuery, ProgressEvent } from "../contract/operation.ts";
import type { Page } from "../contract/page.ts";
import type { Connection, Database } from "../database/connection.ts";
import { type EventFilter, eventsAfter } from "../database/event-reads-repository.ts";
import { findOperation, listOperations, type OperationRow } from "../database/operation-reads-repository.ts";
import { isWithin, type Reach } from "../database/organization-repository.ts";
import type { PageOfRows } from "../database/page.ts";
import { requireStore } from "./accept.ts";
import { toOperation } from "./answers.ts";
import { noOperation } from "./authorize.ts";
import { readPage } from "./cursor.ts";
import { isId } from "./ids.ts";

/** Throws a DomainError when there is no such operation within reach. */
export async function requireOperation(database: Database, id: string, reach: Reach): Promise<OperationRow> {
  const operation = isId(id) ? await findOperation(database, id) : undefined;
  if (operation === undefined || !isWithin(reach, operation.organizationId)) throw noOperation();
  return operation;
}

export async function readOperation({ database }: Connection, reach: Reach, id: string): Promise<Operation> {
  return toOperation(await requireOperation(database, id, reach));
}

/** Most events in one answer; whoever wants more goes on after the last one. */
const EVENTS = 1000;

/** Events of an operation with a number above `after`, in order. Throws a DomainError when there is no such operation. */
export async function readEvents(
  { database }: Connection,
  reach: Reach,
  id: string,
  after: number,
  filter: EventFilter,
): Promise<{ items: ProgressEvent[] }> {
  await requireOperation(database, id, reach);
  return { items: await eventsAfter(database, id, after, EVENTS, filter) };
}

/** One page of the operations within reach, those of deleted stores included. Throws a DomainError for a strange cursor. */
export function readOperations(
  { database }: Connection,
  reach: Reach,
  query: OperationsQuery,
): Promise<Page<Operation>> {
  return pageOf(database, { reach, storeId: undefined, order: "operations" }, query);
}

/** One page of a living store's operations. Throws a DomainError for an unknown store or a strange cursor. */
export async function readOperationsOfStore(
  { database }: Connection,
  reach: Reach,
  name: string,
  query: OperationsQuery,
): Promise<Page<Operation>> {
  const { id: storeId } = await requireStore(database, name, reach);
  return pageOf(database, { reach, storeId, order: `operations of ${storeId}` }, query);
}

async function pageOf(
  database: Database,
  { reach, storeId, order }: { reach: Reach; storeId: string | undefined; order: string },
  { status, kind, sort, ...query }: OperationsQuery,
): Promise<Page<Operation>> {
  const filter = { reach, storeId, status, kind, descending: sort === "-queuedAt" };
  const find = (page: PageOfRows) => listOperations(database, filter, page);
  const { rows, next } = await readPage(`${order} ${sort}`, "time", query, find);
  return { items: rows.map(toOperation), ...next };
}
