import type { Operation, OperationsQuery, ProgressEvent } from "../contract/operation.ts";
import type { Connection, Database } from "../database/connection.ts";
import { type EventFilter, eventsAfter } from "../database/event-reads-repository.ts";
import { findOperation, listOperations, type OperationRow } from "../database/operation-reads-repository.ts";
import { isWithin, type Reach } from "../database/organization-repository.ts";
import { requireStore } from "./accept.ts";
import { toOperation } from "./answers.ts";
import { noOperation } from "./authorize.ts";
import { fromCursor, toPage } from "./cursor.ts";
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
): Promise<{ items: Operation[]; nextCursor?: string }> {
  return pageOf(database, { reach, storeId: undefined, order: "operations" }, query);
}

/** One page of a living store's operations. Throws a DomainError for an unknown store or a strange cursor. */
export async function readOperationsOfStore(
  { database }: Connection,
  reach: Reach,
  name: string,
  query: OperationsQuery,
): Promise<{ items: Operation[]; nextCursor?: string }> {
  const { id: storeId } = await requireStore(database, name, reach);
  return pageOf(database, { reach, storeId, order: `operations of ${storeId}` }, query);
}

async function pageOf(
  database: Database,
  { reach, storeId, order }: { reach: Reach; storeId: string | undefined; order: string },
  { status, kind, sort, limit, cursor }: OperationsQuery,
): Promise<{ items: Operation[]; nextCursor?: string }> {
  // A cursor belongs to one order of one list.
  const list = `${order} ${sort}`;
  const after = fromCursor(list, "time", cursor);
  const filter = { reach, storeId, status, kind, descending: sort === "-queuedAt", limit: limit + 1, after };
  const { rows, nextCursor } = toPage(list, await listOperations(database, filter), limit);
  return { items: rows.map(toOperation), ...(nextCursor !== undefined && { nextCursor }) };
}
