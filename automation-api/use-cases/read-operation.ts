import type { Operation, ProgressEvent } from "../contract/operation.ts";
import type { Connection, Database } from "../database/connection.ts";
import {
  eventsAfter,
  findOperation,
  listOperations,
  type OperationRow,
} from "../database/operation-reads-repository.ts";
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
): Promise<{ items: ProgressEvent[] }> {
  await requireOperation(database, id, reach);
  return { items: await eventsAfter(database, id, after, EVENTS) };
}

/** Operations of a living store, newest first. Throws a DomainError for an unknown store or a strange cursor. */
export async function readOperationsOfStore(
  { database }: Connection,
  reach: Reach,
  name: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: Operation[]; nextCursor?: string }> {
  const store = await requireStore(database, name, reach);
  const sort = `operations of ${store.id}`;
  const after = fromCursor(sort, "time", page.cursor);
  const found = await listOperations(database, { storeId: store.id, limit: page.limit + 1, after });
  const { rows, nextCursor } = toPage(sort, found, page.limit);
  return { items: rows.map(toOperation), ...(nextCursor !== undefined && { nextCursor }) };
}
