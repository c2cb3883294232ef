import { setTimeout as sleep } from "node:timers/promises";
import { isFinal, type OperationStatus } from "../../automation-api/contract/operation.ts";
import type { Connection } from "../../automation-api/database/connection.ts";
import { surely } from "./surely.ts";

export interface FollowedRow {
  readonly id: string;
  readonly status: OperationStatus;
  readonly reason: string | null;
  readonly attempt: number;
}

export interface Followed {
  /** How an operation ended; `undefined` when it did not within so many seconds. */
  end(id: string, seconds: number): Promise<FollowedRow | undefined>;
  stop(): Promise<void>;
}

/** Looks after every operation with one question at a time, however many there are. */
export function followOperations(connection: Connection): Followed {
  const over = new Map<string, FollowedRow>();
  let isStopped = false;
  const looking = (async () => {
    while (!isStopped) {
      const rows: FollowedRow[] = await surely(() =>
        connection.database.selectFrom("operations").select(["id", "status", "reason", "attempt"]).execute(),
      );
      for (const row of rows) if (isFinal(row.status)) over.set(row.id, row);
      await sleep(200);
    }
  })();
  return {
    async end(id, seconds) {
      const deadline = Date.now() + seconds * 1000;
      while (!over.has(id) && Date.now() < deadline) await sleep(100);
      return over.get(id);
    },
    stop: () => {
      isStopped = true;
      return looking;
    },
  };
}

/** How many operations are under way now. */
export async function countRunning({ database }: Connection): Promise<number> {
  return (await database.selectFrom("operations").select("id").where("status", "=", "running").execute()).length;
}
