import { setTimeout as sleep } from "node:timers/promises";
import type { PoolClient } from "pg";
import type { Connection } from "./connection.ts";

export interface Notifications {
  /** Stops listening and gives the connection back. */
  close(): Promise<void>;
}

export interface Listener {
  /** `payload` is what the notifier said; for both of our channels the id of an operation. */
  readonly onNotification: (payload: string) => void;
  /** Listening began anew after the connection was lost: whatever was said in between was not heard. */
  readonly onGap: () => void;
}

/** How long to wait before connecting again, in milliseconds. */
const PAUSE = 250;

/**
 * Listens on a channel with one connection of the pool, and connects again by itself. Resolves once it listens; fails
 * when the database cannot be reached the first time.
 */
export async function listen(
  connection: Connection,
  channel: "progress" | "cancel" | "webhooks",
  { onNotification, onGap }: Listener,
): Promise<Notifications> {
  let closed = false;
  let client: PoolClient | undefined;

  async function begin(): Promise<void> {
    const fresh = await connection.pool.connect();
    // Whoever closed meanwhile had nothing to give back, and the pool would wait for it.
    if (closed) return fresh.release(true);
    const lost = (error?: Error) => {
      if (client !== fresh) return;
      client = undefined;
      fresh.release(error ?? true);
      if (!closed) void again();
    };
    fresh.on("notification", ({ payload }) => onNotification(payload ?? ""));
    fresh.on("error", lost);
    fresh.on("end", lost);
    client = fresh;
    try {
      await fresh.query(`listen ${channel}`);
    } catch (error) {
      if (client === fresh) {
        client = undefined;
        fresh.release(true);
      }
      throw error;
    }
  }

  async function again(): Promise<void> {
    while (!closed) {
      await sleep(PAUSE);
      try {
        await begin();
        if (!closed) onGap();
        return;
      } catch {
        // The database is still away; whoever reads from it says so.
      }
    }
  }

  await begin();
  return {
    close: async () => {
      closed = true;
      const last = client;
      client = undefined;
      // Destroyed rather than given back, so that it listens no more.
      last?.release(true);
    },
  };
}
