import { OPERATION_STATUSES } from "../contract/operation.ts";
import { STORE_STATUSES } from "../contract/store.ts";
import { SOURCES } from "../domain/operation.ts";
import { STORE_SOURCES } from "../domain/store-status.ts";
import { type Connection, inTransaction } from "./connection.ts";

export interface LegalMove {
  /** Table of what moves. */
  readonly subject: "operations" | "stores";
  readonly fromStatus: string;
  readonly toStatus: string;
}

/** Every move that the domain knows. */
export function legalMoves(): LegalMove[] {
  return [
    ...OPERATION_STATUSES.flatMap((toStatus) =>
      SOURCES[toStatus].map((fromStatus): LegalMove => ({ subject: "operations", fromStatus, toStatus })),
    ),
    ...STORE_STATUSES.flatMap((toStatus) =>
      STORE_SOURCES[toStatus].map((fromStatus): LegalMove => ({ subject: "stores", fromStatus, toStatus })),
    ),
  ];
}

/** Tells the database which moves are legal; it refuses every other one, whoever writes it. */
export async function writeLegalMoves(connection: Connection): Promise<void> {
  await inTransaction(connection, async (transaction) => {
    await transaction.deleteFrom("legalMoves").execute();
    await transaction.insertInto("legalMoves").values(legalMoves()).execute();
  });
}
