import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, isDatabaseUnreachable } from "../database/connection.ts";
import { type Lease, renewLease } from "../database/lease-repository.ts";
import type { RunLease } from "../stack-runner.ts";
import { OperationLost } from "./operation-lost.ts";
import type { Stop } from "./stop.ts";

/** Pause before the database is asked again, in milliseconds. */
const PAUSE = 500;

/**
 * The right to start processes for one run. While the database is away, nobody can be asked and nobody can take the lease
 * either: the next command waits.
 */
export function createRunLease(
  { connection, leaseSeconds }: { connection: Connection; leaseSeconds: number },
  lease: Lease,
  stop: Stop,
): RunLease {
  async function isOurs(): Promise<boolean> {
    for (;;) {
      stop.signal.throwIfAborted();
      try {
        return await renewLease(connection.database, lease, leaseSeconds);
      } catch (error) {
        if (!isDatabaseUnreachable(error)) throw error;
        await sleep(PAUSE, undefined, { signal: stop.signal });
      }
    }
  }
  return {
    fencing: lease.fencing,
    async check() {
      if (await isOurs()) {
        connection.faults("run command");
        return;
      }
      stop.request("lost");
      throw new OperationLost(`The store ${lease.storeId} was taken over by another worker.`);
    },
  };
}
