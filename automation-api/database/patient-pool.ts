import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { isDatabaseUnreachable } from "./connection.ts";

/** How long a database that is away is waited for, and how often it is asked again, in milliseconds. */
const PATIENCE = 120_000;
const PAUSE = 250;

/**
 * The same pool for somebody who takes connections and does not ask a second time: while the database is away, and for two
 * minutes at most, a connection is waited for instead of refused.
 * @param mayWait asked before each pause; `false` refuses as the pool does
 */
export function patientPool(pool: Pool, mayWait: () => boolean): Pool {
  async function connect(): Promise<PoolClient> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      try {
        return await pool.connect();
      } catch (error) {
        if (!isDatabaseUnreachable(error) || !mayWait() || performance.now() > deadline) throw error;
        await sleep(PAUSE);
      }
    }
  }
  return new Proxy(pool, {
    get(target, key) {
      // With a callback it is asked again and again by whoever asks: that is how one listens for notifications.
      if (key === "connect")
        return (then?: Parameters<Pool["connect"]>[0]) => (then ? target.connect(then) : connect());
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
